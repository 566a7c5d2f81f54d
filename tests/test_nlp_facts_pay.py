"""Pay as stated: what is pay, what is other money, and every way of writing it."""

import pytest

from nlp.facts import pay
from nlp.facts.money import amounts
from nlp.records import Salary


@pytest.mark.parametrize(
    ("text", "low", "high", "currency", "period"),
    [
        ("The base salary range for this role is $120,000 - $165,500.", 120_000, 165_500, "USD", "year"),
        ("Pay: $120,000.00 – $165,000.00 per year", 120_000, 165_000, "USD", "year"),
        ("Acme | $150K–$190K + seed-stage equity", 150_000, 190_000, "USD", "year"),
        ("Salary range: $90 000 - $120 000 CAD", 90_000, 120_000, "CAD", "year"),
        (
            "The base salary ranges from $101,000 in our lowest geographic market to $202,000 in our highest.",
            101_000,
            202_000,
            "USD",
            "year",
        ),
        ("Acme | Data Engineer | Berlin | $100k-$150k | onsite", 100_000, 150_000, "USD", "year"),
        ("Acme | Data Engineer | $110 - $140k + equity", 110_000, 140_000, "USD", "year"),
        ("Cerfs-volants - Nantes - 38/52K€ - CDI", 38_000, 52_000, "EUR", "year"),
        ("Salary: 90-120k EUR depending on experience", 90_000, 120_000, "EUR", "year"),
        ("Salary £55,000 to £70,000 per annum plus bonus", 55_000, 70_000, "GBP", "year"),
        ("The hourly rate is between $21.50 and $46.00", 21.5, 46, "USD", "hour"),
        ("We pay $45-65/hr on a W2 contract.", 45, 65, "USD", "hour"),
        ("Contract, day rate £450 - £550 per day outside IR35", 450, 550, "GBP", "day"),
        ("Jahresgehalt: 60.000 € bis 75.000 € brutto", 60_000, 75_000, "EUR", "year"),
        ("Das Gehalt beträgt mindestens 3.450,00 EUR brutto pro Monat", 3_450, None, "EUR", "month"),
        ("Stundenlohn von 16,50 €", 16.5, 16.5, "EUR", "hour"),
        ("Salaire : 38-45 k€ brut par an", 38_000, 45_000, "EUR", "year"),
        ("Rémunération : 2 300 € brut mensuel", 2_300, 2_300, "EUR", "month"),
        ("Salario entre 32.000 € y 38.000 € brutos anuales", 32_000, 38_000, "EUR", "year"),
        ("Salary: CA$95,000 - CA$120,000", 95_000, 120_000, "CAD", "year"),
        ("Compensation: $95,000 - $120,000 CAD annually", 95_000, 120_000, "CAD", "year"),
        ("Salary: CHF 110'000 - 130'000 p.a.", 110_000, 130_000, "CHF", "year"),
        ("CTC: 12-18 LPA", 1_200_000, 1_800_000, "INR", "year"),
        ("Salary up to $180,000 a year", None, 180_000, "USD", "year"),
        ("Salary from $90,000 per year", 90_000, None, "USD", "year"),
        ("Pay range - minimum: USD $140,000/yr. Pay range - maximum: USD $180,000/yr", 140_000, 180_000, "USD", "year"),
        ("Zone A: $150,000 - $190,000\nZone B: $135,000 - $170,000 base pay", 135_000, 190_000, "USD", "year"),
        ("$128K - $183K (Employer est.)", 128_000, 183_000, "USD", "year"),
        ("Lohn: CHF 90\u202f000 - 110\u202f000 /Jahr", 90_000, 110_000, "CHF", "year"),
        ("Salary range\n$65,000\nWorking conditions", 65_000, 65_000, "USD", "year"),
        ("(Min - Mid - Max) $123,000 - $168,350 - $213,700", 123_000, 213_700, "USD", "year"),
        ("It depends on experience and education.\n\n$120,000 - $160,000 per year", 120_000, 160_000, "USD", "year"),
        ("Minimum salary\n\nUSD $16.25/Hr.\n\nMaximum salary\n\nUSD $26.00/Hr.", 16.25, 26, "USD", "hour"),
        ("Base salary: 140-170k depending on level, plus equity and a 401(k) match.", 140_000, 170_000, None, "year"),
        ("60000-145000 USD", 60_000, 145_000, "USD", "year"),
        (
            "Annual salaries: Reno: $93,000 - $120,000 for a Machine Learning Engineer Bath: $111,000 - $140,000 for",
            93_000,
            140_000,
            "USD",
            "year",
        ),
        ("We expect a starting salary around $130K, commensurate with experience.", 130_000, None, "USD", "year"),
        ("Ending debt with kites. Kite Engineer $200K - $300K • 0.25% - 1.00% • Reno", 200_000, 300_000, "USD", "year"),
        ("A position of 9 months paid with CHF 2 k p. month", 2_000, 2_000, "CHF", "month"),
        ("Salary - $150k–$250k USD / £90k–£130k GBP + equity", 150_000, 250_000, "USD", "year"),
        ("10-20 hrs/week, $75-150/hour", 75, 150, "USD", "hour"),
    ],
)
def test_stated_pay(text: str, low: float | None, high: float | None, currency: str | None, period: str) -> None:
    assert pay.extract(text) == Salary(low, high, currency, period)


@pytest.mark.parametrize(
    "text",
    [
        "Benefits: dental, 401k with a 4% match, life insurance.",
        "We raised $50M in a Series B and manage $3 billion in assets.",
        "Full time means 2,080 hours a year.",
        "A sign-on bonus of $10,000 awaits you.",
        "You get a $1,500 learning stipend and a $600 home office budget.",
        "Our customers processed $250,000 - $500,000 in transactions last week.",
        "Equity worth $40,000 - $60,000 vests over four years.",
        "Tuition reimbursement up to $5,250 per year.",
        "Join 300k developers and 20,000 companies.",
        "A card worth 50 € a month",
        "Refer a friend: $2,000 referral bonus.",
        "",
        "$",
        "Founded in 2015, 120 employees, 14 offices, 99.9% uptime",
    ],
)
def test_other_money_is_no_pay(text: str) -> None:
    assert pay.extract(text) is None


def test_pay_next_to_other_money() -> None:
    text = "We raised $30M. Salary: $140,000 - $170,000. Benefits: 401(k), $1,000 stipend, up to $10,000 sign-on bonus."
    assert pay.extract(text) == Salary(140_000, 170_000, "USD", "year")


def test_a_dollar_is_the_one_of_the_country() -> None:
    stated = Salary(80_000, 95_000, "USD", "year")
    assert pay.in_country(stated, "CA", "Salary: $80,000 - $95,000") == Salary(80_000, 95_000, "CAD", "year")
    assert pay.in_country(stated, "CA", "Salary: $80,000 - $95,000 USD") == stated
    assert pay.in_country(stated, "US", "Salary: $80,000 - $95,000") == stated
    assert pay.in_country(None, "CA", "") is None
    assert pay.in_country(stated, None, "Join us: our Canadian team pays $80,000 - $95,000.") == Salary(
        80_000, 95_000, "CAD", "year"
    )
    assert pay.in_country(stated, None, "For kites in Canada and the United States: $80,000 - $95,000") == stated
    assert pay.in_country(stated, None, "Jobs in Canada are for Kites Canada, in Europe for Kites UK.") == stated
    assert pay.in_country(stated, None, "$80,000 - $95,000") == stated


def test_what_a_board_leaves_out_is_read_from_the_text_or_from_the_size() -> None:
    stated = Salary(40.0, 60.0, "USD", None)
    assert pay.completed(stated, Salary(40.0, 60.0, "USD", "hour")).period == "hour"
    assert pay.completed(Salary(90_000.0, 120_000.0, "USD", None), None).period == "year"
    assert pay.completed(Salary(90_000.0, None, None, None), Salary(90_000.0, None, "CAD", "year")).currency == "CAD"
    assert pay.completed(Salary(4.0, 4.0, "USD", None), None).period is None
    assert (
        pay.completed(Salary(4_000.0, 5_000.0, "EUR", "month"), Salary(4_000.0, 5_000.0, "EUR", "year")).period
        == "month"
    )
    other = Salary(10.0, 20.0, "GBP", "hour")
    assert pay.completed(Salary(90_000.0, 120_000.0, None, "year"), other) == Salary(90_000.0, 120_000.0, None, "year")


def test_per_year_conventions() -> None:
    assert pay.per_year(Salary(50, 60, "USD", "hour")) == (104_000, 124_800)
    assert pay.per_year(Salary(500, None, "GBP", "day")) == (110_000, None)
    assert pay.per_year(Salary(None, 1_000, "EUR", "week")) == (None, 52_000)
    assert pay.per_year(Salary(4_000, 5_000, "EUR", "month")) == (48_000, 60_000)
    assert pay.per_year(Salary(90_000, 90_000, "EUR", "year")) == (90_000, 90_000)
    assert pay.per_year(Salary(90_000, 90_000, "EUR", None)) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("150,000.00", 150_000),
        ("24.000", 24_000),
        ("12.52", 12.52),
        ("1'200'000", 1_200_000),
        ("12,00,000", 1_200_000),
        ("3.450,00", 3_450),
    ],
)
def test_notations(text: str, value: float) -> None:
    assert [amount.value for amount in amounts(text)] == [value]
