import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.service.web.filled import open_filled
from tests.serving import serving

pytestmark = pytest.mark.browser

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
REQUIRED = "1" in {os.environ.get("REQUIRE_BROWSER"), os.environ.get("REQUIRE_ES")}
PHONE = {"width": 360, "height": 780}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        reason = f"no browser: none of {', '.join(NAMES)} is on the PATH"
        if REQUIRED:
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(open_filled(tmp_path_factory.mktemp("browser") / "store")) as served:
        yield served


@pytest.fixture(params=[True, False], ids=["with-javascript", "without-javascript"])
def reader(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page whose console stays empty: a breach of the security policy would be in it."""
    context = browser.new_context(base_url=address, java_script_enabled=request.param)
    opened = context.new_page()
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("dialog", lambda dialog: said.append(dialog.message))
    yield opened
    context.close()
    assert said == []


def test_a_reader_searches_chooses_a_value_opens_an_entity_and_comes_back(reader: Page) -> None:
    reader.goto("/")
    expect(reader.get_by_role("heading", name="Trends")).to_be_visible()

    reader.get_by_label("Search the news").fill("kursk")
    reader.get_by_role("button", name="Search").click()
    expect(reader.get_by_text("13 articles for kursk")).to_be_visible()
    expect(reader.locator("main mark").first).to_have_text("Kursk")

    reader.get_by_role("navigation", name="Filters").get_by_role("link", name="Harbour Post 6").click()
    expect(reader.get_by_text("6 articles for kursk")).to_be_visible()
    expect(reader.get_by_role("link", name="Remove Harbour Post")).to_be_visible()
    expect(reader.locator(".hit")).to_have_count(6)
    chosen = reader.url

    reader.locator(".hit h2 a").first.click()
    reader.locator(".named").get_by_role("link", name="Kursk", exact=True).click()
    expect(reader.get_by_role("heading", level=1)).to_contain_text("Kursk")
    expect(reader.get_by_role("img", name="Articles about Kursk per day")).to_be_visible()

    reader.go_back()
    reader.go_back()
    expect(reader).to_have_url(chosen)
    expect(reader.get_by_text("6 articles for kursk")).to_be_visible()

    reader.get_by_role("link", name="Remove Harbour Post").click()
    expect(reader.get_by_text("13 articles for kursk")).to_be_visible()


def test_nothing_in_an_article_runs(reader: Page) -> None:
    for path in ("/?q=kursk", "/articles/trap", "/entities/person:trap"):
        reader.goto(path)
        expect(reader.locator("body")).to_contain_text("<script>alert(1)</script>")
        expect(reader.locator("img[src], script")).to_have_count(0)


def test_the_keyboard_alone_gets_to_the_content(reader: Page) -> None:
    reader.goto("/?q=kursk")
    reader.keyboard.press("Tab")
    skip = reader.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    reader.keyboard.press("Enter")
    expect(reader.locator("main")).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_fit_a_phone(browser: Browser, address: str, scheme: str) -> None:
    context = browser.new_context(base_url=address, viewport=PHONE, color_scheme=scheme)  # type: ignore[arg-type]
    phone = context.new_page()
    for path in ("/", "/?q=kursk&section=World", "/articles/trap", "/entities/place:kursk", "/nowhere"):
        phone.goto(path)
        assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path
    context.close()
