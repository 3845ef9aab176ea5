"""Which field of a course a question asks for, by the words that students use for it in the four writings."""

import re

from bot.language.normalise import normalise
from bot.types import CourseField

# Each alternative is matched in normalised text; Latin and Urdu ones as whole words, Han ones anywhere.
_WORDS: dict[CourseField, str] = {
    "fee": (
        "fees? fess feess fee's charges? costs? kharcha kharche kharch paise paisay pesay mehnga mehngi "
        "sasta sasti muft free فیس فیسیں فیسوں خرچہ خرچ پیسے مفت 学费 费用 收费 免费 要钱 花钱"
    ),
    "stipend": (
        "stipends? get_money get_paid wazifa wazeefa wazaif wazife wazeefay allowance وظیفہ وظایف وظیفے 津贴 补贴 补助 生活费"
    ),
    "duration": (
        "kitni_der kitna_time kitne_time kitna_waqt کتنی_دیر کتنا_وقت کتنا_ٹائم 几天 几周 duration long length weeks? months? years? dauraniya dorania muddat mudat arsa arse mahine maheene mheene "
        "mahina mahinay lamba hafte دورانیہ مدت عرصہ عرصے مہینے مہینوں ہفتے سال طویل لمبا 多久 多长 时长 几个月 几年 学制 学期 多长时间"
    ),
    "apply_by": (
        "deadline last_date apply_by closing due aakhri_tareekh akhri_tareekh last_tareekh akhri_date aakhri_date "
        "اخری_تاریخ اخری_دن ڈیڈ_لاین لاسٹ_ڈیٹ 截止 最后日期 最晚 什么时候报名 几号报名"
    ),
    "starts": ("starts? starting begins? commence shuru shroo aaghaz aghaz شروع اغاز 开课 开始 开学 开班"),
    "city": (
        "where city campus location located place venue kahan kaha kidhar jagah shehar shehr sheher کہاں شہر جگہ مقام کدہر "
        "哪里 哪儿 地点 地址 城市 在哪 什么地方"
    ),
    "entry": (
        "eligib\\w* qualifications? requirements? prerequisites? who_can who_may kon_dakhla kaun_dakhla kaun_daakhla ahliyat ahliat taleem taleemi اہلیت اہل کون_داخلہ تعلیمی تعلیم "
        "شرایط شرط 条件 要求 资格 学历 谁可以 什么人"
    ),
    "seats": "seats? places vacanc\\w* nashist\\w* seaten seatain نشست نشستیں نشستوں سیٹ سیٹیں سیٹوں 名额 招多少 几个人 多少人",
    "mode": (
        "online onsite on-site physical\\w* distance evening remote in_person ان_لاین حاضری گہر_بیٹہے ghar_baithe ghar_bethe "
        "线上 线下 网课 在线 远程 面授 授课方式"
    ),
    "level": "level grade nvq darja درجہ لیول سطح 等级 级别 几级",
    "provider": (
        "provider offered offers institute runs run_by konsa_idara idara ادارہ ادارے 主办 哪个学校 哪个机构 谁办 谁开"
    ),
    "teaching_language": (
        "taught_in what_language which_language teaching_language medium medium_of_instruction zaban zabaan زبان 授课语言 用什么语言 什么语言"
    ),
    "apply_url": "apply_online apply_link link website url form_link لنک ویب_سایٹ 网址 链接 报名网站",
}
# What anything costs that is sold; a fee only where a course is named as one.
_PRICE = "price prices qeemat qimat kimat قیمت 多少钱 价格 价钱"
# What a thing costs that is let, or a way that is gone: never what a course costs.
_RENT = (
    "rents? fares? rentals? kiraya kiraye kiraaya kirya kraya karaya کرایہ کراے کرایے 租金 房租 房费 住宿费 车费 票价"
)
_HAN = re.compile(r"[㐀-鿿]")


def _pattern(words: str) -> re.Pattern[str]:
    alternatives = [word.replace("_", " ") for word in words.split()]
    han = [word for word in alternatives if _HAN.search(word)]
    others = [word for word in alternatives if not _HAN.search(word)]
    return re.compile(rf"(?<!\w)(?:{'|'.join(others)})(?!\w)|{'|'.join(han)}")


_PATTERNS = {field: _pattern(words) for field, words in _WORDS.items()}

_PRICE_WORDS, _RENT_WORDS = _pattern(_PRICE), _pattern(_RENT)

# What a course is called besides its name.
_COURSE_WORDS = _pattern(
    "courses? class(?:es)? training programmes? programs? trades? کورس کورسز کلاس ٹریننگ پروگرام ٹریڈ 课程 课 培训 专业 班"
)


def asked_fields(question: str) -> list[CourseField]:
    """Return the fields that a question names, in the order in which it names them."""
    normal = normalise(question)
    found = {field: match.start() for field, pattern in _PATTERNS.items() if (match := pattern.search(normal))}
    if (price := _PRICE_WORDS.search(normal)) and _COURSE_WORDS.search(normal):
        found["fee"] = min(price.start(), found.get("fee", price.start()))
    return sorted(found, key=lambda field: found[field])


def speaks_of_cost(text: str) -> bool:
    """Tell whether a text names what anything costs: a fee, a price, a rent."""
    normal = normalise(text)
    return any(pattern.search(normal) for pattern in (_PATTERNS["fee"], _PRICE_WORDS, _RENT_WORDS))


def speaks_of_rent(text: str) -> bool:
    """Tell whether a text names what no course has: a rent or a fare."""
    return _RENT_WORDS.search(normalise(text)) is not None


def subject_of(question: str) -> str:
    """Return what is left of a question without the fields it asks for: the name of a course, where it has one."""
    subject = _COURSE_WORDS.sub(" ", normalise(question))
    for pattern in (*_PATTERNS.values(), _PRICE_WORDS, _RENT_WORDS):
        subject = pattern.sub(" ", subject)
    return " ".join(subject.split())
