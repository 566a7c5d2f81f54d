"""The language of a text."""

import pytest

from nlp.facts import language


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("We are looking for an engineer to join our team and build models with us for the whole of Europe.", "en"),
        ("Wir suchen eine Person, die unsere Modelle baut und mit dem Team in Hamburg arbeitet.", "de"),
        ("Nous cherchons une personne pour construire nos modèles avec notre équipe de Nantes.", "fr"),
        ("Buscamos una persona que construya nuestros modelos junto al equipo de Sevilla.", "es"),
        ("Wij zoeken iemand die onze modellen bouwt, samen met het team in Utrecht.", "nl"),
        ("Cerchiamo una persona che costruisca i nostri modelli insieme alla squadra di Torino.", "it"),
        ("Procuramos uma pessoa que construa os nossos modelos com a equipa do Porto.", "pt"),
        ("Szukamy osoby, która zbuduje nasze modele razem z zespołem w Krakowie.", "pl"),
        ("Vi söker en person som bygger våra modeller tillsammans med laget i Lund.", "sv"),
        ("نبحث عن مهندس يبني نماذجنا مع فريقنا في القاهرة", "ar"),
        ("אנחנו מחפשים מהנדסת שתבנה את המודלים שלנו עם הצוות", "he"),
        ("私たちはチームと一緒にモデルを作るエンジニアを探しています。", "ja"),
        ("我们正在寻找一名工程师与团队一起构建模型。", "zh"),
        ("Мы ищем инженера, который построит наши модели вместе с командой.", "ru"),
    ],
)
def test_languages(text: str, code: str) -> None:
    assert language.detect(text) == code


@pytest.mark.parametrize("text", ["", "  ", "🎉🎉🎉🎉", "\0\0\0", "1234 5678 90 %", "a" * 10_000, "ok"])
def test_too_little_to_tell(text: str) -> None:
    assert language.detect(text) is None


def test_an_english_slogan_does_not_decide() -> None:
    german = "Wir suchen eine Person, die unsere Modelle baut und mit dem Team in Hamburg arbeitet. " * 20
    assert language.detect("We build the future of trains with you! " + german) == "de"
