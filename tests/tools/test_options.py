from tools.options import Options

MEMBERS = ("shared", "storage")


def test_without_arguments_everyone_is_asked_for() -> None:
    assert Options.parse([], MEMBERS) == Options()


def test_members_and_flags_come_in_any_order() -> None:
    asked = Options.parse(["storage", "--force", "shared", "--write"], MEMBERS)

    assert asked == Options(force=True, write=True, members=("storage", "shared"))


def test_affected_takes_a_base_or_compares_with_main() -> None:
    assert Options.parse(["--affected", "v1"], MEMBERS).base == "v1"
    assert Options.parse(["--affected"], MEMBERS).base == "main"
    assert Options.parse(["--affected", "storage"], MEMBERS) == Options(base="main", members=("storage",))


def test_what_is_not_ours_goes_to_the_tool_with_all_that_follows() -> None:
    assert Options.parse(["storage", "-k", "shared", "-x"], MEMBERS).rest == ("-k", "shared", "-x")
