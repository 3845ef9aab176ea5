"""`python -m benchmarks`: see `benchmarks.measure`."""

from benchmarks.measure import main

if __name__ == "__main__":
    main()
