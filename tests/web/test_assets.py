"""The built assets: every name leads to a file, and nothing in them belongs to GOV.UK alone."""

import gzip
import re

import pytest

from portal.web.assets import STATIC, asset_path, inline_script_source, manifest

GOVUK_ONLY = re.compile(r"GDS Transport|@font-face|crown|crest", re.IGNORECASE)


class TestAssets:
    def test_every_name_leads_to_a_file_and_its_compressed_copy(self) -> None:
        for name, hashed in manifest().items():
            content = (STATIC / hashed).read_bytes()
            assert gzip.decompress((STATIC / f"{hashed}.gz").read_bytes()) == content, name

    def test_scripts_import_only_what_is_there(self) -> None:
        imported = re.findall(r'from "\./([^"]+)"', (STATIC / asset_path("portal.js")).read_text(encoding="utf-8"))

        assert imported == [asset_path("govuk-frontend.min.js")]

    def test_typing_ahead_and_passkeys_are_fetched_by_the_pages_that_have_them(self) -> None:
        fetched = re.findall(r'import\("\./([^"]+)"\)', (STATIC / asset_path("portal.js")).read_text(encoding="utf-8"))

        assert fetched == [asset_path("accessible-autocomplete.min.js"), asset_path("passkey.js")]

    def test_the_stylesheet_asks_for_no_other_file(self) -> None:
        css = (STATIC / asset_path("portal.css")).read_text(encoding="utf-8")

        assert "url(" not in css
        assert not GOVUK_ONLY.search(css)

    @pytest.mark.parametrize("name", ["portal.js", "htmx.min.js", "govuk-frontend.min.js"])
    def test_no_script_names_a_source_map_that_is_not_served(self, name: str) -> None:
        assert "sourceMappingURL" not in (STATIC / asset_path(name)).read_text(encoding="utf-8")

    def test_everything_a_page_needs_is_far_under_its_budget(self) -> None:
        needed = [asset_path(name) for name in manifest()]

        assert sum((STATIC / f"{hashed}.gz").stat().st_size for hashed in needed) < 65_000

    def test_the_inline_script_of_the_page_is_allowed_by_its_hash(self) -> None:
        assert re.fullmatch(r"'sha256-[A-Za-z0-9+/]{43}='", inline_script_source())
