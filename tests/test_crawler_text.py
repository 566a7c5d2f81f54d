"""html_to_text and mask_personal: one example per rule, and properties over anything."""

import base64
import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.text import _unescape_once, html_to_text, mask_personal


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>We build maps.</p><p>Join us.</p>", "We build maps.\n\nJoin us."),
        (
            "<p>You know:</p><ul><li>Python</li><li><p>PyTorch</p></li></ul><p>Apply!</p>",
            "You know:\n• Python\n• PyTorch\n\nApply!",
        ),
        ("<li>Rust<li>Go", "• Rust\n• Go"),
        ("<ul><li></li><li>One</li></ul>", "• One"),
        ("<ul><li>• Doubled</li><li>- Dashed</li></ul>", "• Doubled\n• Dashed"),
        ("one<br>two<br/><br>three", "one\ntwo\n\nthree"),
        ("<div><div>a</div></div><div>b</div><div><br></div><div>c</div>", "a\nb\n\nc"),
        ("Acme | Engineer<p>We use C&#x2F;C++ &amp; Go<p>Remote", "Acme | Engineer\n\nWe use C/C++ & Go\n\nRemote"),
        ("<p>line\nwrapped   here</p>", "line wrapped here"),
        ("<p>Skills:\n- SQL\n- dbt</p>", "Skills:\n- SQL\n- dbt"),
        ("<table><tr><th>Pay</th><td>100</td></tr><tr><td>x</td></tr></table>", "Pay 100\nx"),
        ("a<script>alert('<p>')</script><style>p{}</style><!-- no -->b", "a b"),
        ("<a href=\"x?a=1>2\" title='it>s'>link</a> <b title=don't>bold</b>", "link bold"),
        ("&lt;p&gt;Twice &amp;amp; packed&lt;/p&gt;", "Twice & packed"),
        ("if a < b and b > c then R&D &notes", "if a < b and b > c then R&D &notes"),
        ("Maps from List<String> to <email>,<br>R&amp;D", "Maps from List<String> to <email>,\nR&D"),
        ("", ""),
        (None, ""),
    ],
)
def test_markup_becomes_lines(markup, text):
    assert html_to_text(markup) == text


def test_plain_text_keeps_its_lines_and_blanks():
    plain = "Requirements\n\n  - five   years of C\n  - Rust\n\nPay: 1 < 2"
    assert html_to_text(plain) == plain


def test_greenhouse_is_unescaped_exactly_once():
    content = "&lt;p&gt;Write &amp;lt;b&amp;gt; tags&amp;nbsp;and R&amp;amp;D&lt;/p&gt;"
    assert html_to_text(content, "greenhouse") == "Write <b> tags and R&D"


def test_one_level_is_what_the_standard_library_says():
    for text in (
        "&lt;p&gt;a&amp;lt;b &amp;amp; &#39;c&#39; &quot;d&quot; &nbsp;&eacute;&#x2F;&#47;",
        "&amp;#39;",
        "&amp;amp;amp;",
    ):
        assert _unescape_once(text) == html.unescape(text)


def test_hackernews_keeps_line_ends_inside_paragraphs():
    assert html_to_text("Acme | Remote<p>Stack:\nGo\nReact", "hackernews") == "Acme | Remote\n\nStack:\nGo\nReact"


def test_remoteok_quirks_go_away_with_the_crawlers_address():
    tag = base64.b64encode(b"203.0.113.7").decode()
    text = html_to_text(
        f"<p>Itâ\x80\x99s fun ð\x9f\x9a\x80</p>\\n<br/><br/>Please mention the word **BRAVE** and tag R{tag} "
        f"when applying to show you read the job post completely (#R{tag}). This is a beta feature to avoid spam "
        "applicants. Companies can search these words to find applicants that read this and see they're human.",
        "remoteok",
    )
    assert text == "It’s fun 🚀"


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        ("Itâ€™s Zürich", "It’s Zürich"),
        ("MÃ¼nchen", "München"),
        ("« CAFÉ» SÃO MENÜ–", "« CAFÉ» SÃO MENÜ–"),
        ("naïve Ångström àé", "naïve Ångström àé"),
    ],
)
def test_mojibake_is_mended_only_where_it_is_mojibake(broken, mended):
    assert html_to_text(broken) == mended


def test_characters_that_break_stores_are_removed():
    assert html_to_text("a\x00b\x07\ud800c\u200bd\r\ne\xa0f\tg") == "abcd\ne f g"
    assert html_to_text("a &#0;&#xd800;&#x1F600; b") == "a ��😀 b"


def test_deep_nesting_loses_nothing():
    deep = "<div>" * 5000 + "core" + "</div>" * 5000
    assert html_to_text(deep) == "core"


@pytest.mark.parametrize(
    "piece", ["<a", "<a '", '<a "', "<!--", "&lt;", "<p", "\x01", "Please mention the word ", "+1 ", "a@"]
)
def test_hostile_repetition_is_linear(piece):
    assert len(mask_personal(html_to_text(piece * 60_000))) <= len(piece) * 60_000 + 1


@given(st.text(alphabet=st.sampled_from("<>/pulibr &;#x2F\"'=\n\x00\x01\ud800é•-@+1"), max_size=300))
def test_anything_gives_storable_text(markup):
    text = html_to_text(markup)
    text.encode("utf-8")
    assert not set(text) & set(map(chr, range(10)))
    assert "\n\n\n" not in text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Write to jane.doe+jobs@example.co.uk now", "Write to [e-mail] now"),
        ("jane [at] example [dot] com or jane(at)example.com", "[e-mail] or [e-mail]"),
        ("jobs at example dot com", "[e-mail]"),
        ("Call 1-800-555-0199 or (555) 010-9999, +49 30 1234567", "Call [phone] or [phone], [phone]"),
        ("Phone: 030 12345678", "Phone: [phone]"),
        ("unter 0201 555 287 – 105 oder (0711) 5550100", "unter [phone] oder [phone]"),
        ("au 01 99 00 12 34", "au [phone]"),
    ],
)
def test_contacts_are_masked(text, masked):
    assert mask_personal(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "$120,000 - $150,000",
        "100000-150000 EUR",
        "2019-2024",
        "Python 3.11.4",
        "401(k)",
        "10.0.0.1",
        "24/7/365",
        "look at our team",
        "from 01 2024 to 03 2025",
        "0.5 % of 100 000",
        "@ Acme",
        "ISO 27001-2022",
        "5+ years",
        "id 1234567890",
        "meet at scale",
    ],
)
def test_numbers_that_are_no_telephones_stay(text):
    assert mask_personal(text) == text


@pytest.mark.parametrize("end", ["<spa", "</di", "<", '<a href="https://acme', "<p class='x' "])
def test_texts_cut_inside_a_tag_lose_the_piece(end):
    assert html_to_text(f"<p>You know PyTorch.</p>{end}") == "You know PyTorch."
    assert html_to_text("You know that a <b") == "You know that a <b", "plain text keeps what is no tag"
