"""A picture of a page: nothing in it acts, and it says what the page says."""

import pytest

from core.still import still


@pytest.mark.parametrize(
    ("page", "picture"),
    [
        ('<a class="b" href="/x">go</a>', '<a class="b">go</a>'),
        ('<a data-way-out href="/x">out</a>', '<a data-way-out href="/x">out</a>'),
        ('<a class="skip" href="#main">skip</a>', '<a class="skip" href="#main">skip</a>'),
        ('<form class="f" method="post" action="/x"><p>a</p></form>', '<div class="f"><p>a</p></div>'),
        ('<input type="hidden" name="token" value="t">', ""),
        ('<input name="q" value="&quot;a&quot;">', '<input value="&quot;a&quot;" disabled>'),
        ('<button formaction="/x" onclick="y()">b</button>', "<button disabled>b</button>"),
        ("<select name=s><option>1</option></select>", "<select disabled><option>1</option></select>"),
        ('a<script nonce="n">alert(1) < 2</script>b', "ab"),
        ("<p>&lt;b&gt; &#39; 1 &amp; 2</p>", "<p>&lt;b&gt; &#39; 1 &amp; 2</p>"),
        (
            '<!doctype html><link rel="stylesheet" href="/a.css">',
            '<!doctype html><link rel="stylesheet" href="/a.css">',
        ),
        ('<svg viewBox="0 0 1 1"><path d="M0 0"/></svg>', '<svg viewBox="0 0 1 1"><path d="M0 0"/></svg>'),
    ],
)
def test_what_acts_is_taken_out_and_what_is_said_stays(page: str, picture: str) -> None:
    assert still(page) == picture
