"""Rows without a fault, which tests change in one place."""

FAQ = {
    "id": "fee",
    "topic": "money",
    "question_en": "What is the fee?",
    "question_ur": "فیس کتنی ہے؟",
    "question_zh": "学费是多少？",
    "answer_en": "1200 rupees.",
    "answer_ur": "1200 روپے۔",
    "answer_zh": "1200卢比。",
    "source": "office",
    "as_of": "2026-01-31",
}
COURSE = {
    "id": "ccna",
    "title_en": "Networking",
    "title_ur": "نیٹ ورکنگ",
    "title_zh": "网络",
    "summary_en": "Six months of networks.",
    "summary_ur": "چھ ماہ۔",
    "summary_zh": "六个月。",
    "entry_en": "Matric",
    "provider": "TEVTA",
    "city": "Lahore",
    "city_ur": "لاہور",
    "level": "G-II",
    "mode": "on site",
    "duration_months": "6",
    "fee_pkr": "0",
    "seats": "25",
}


def make_csv(*rows: dict[str, str]) -> str:
    """Return the text of a CSV with all columns of `rows`."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    lines = [columns] + [[row.get(column, "") for column in columns] for row in rows]
    return "".join(",".join('"' + cell.replace('"', '""') + '"' for cell in line) + "\n" for line in lines)
