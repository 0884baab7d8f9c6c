"""`config check` reports in advance the errors that Unbound would meet."""


from support.tool import DONE, USAGE


def check(workspace, *options):
    return workspace.tool("config", "check", *options)


def test_a_good_configuration(workspace):
    result = check(workspace)
    assert (
        result.code == DONE and result.err == "" and str(workspace.config) in result.out and "good" in result.out
    ), result
    assert check(workspace, "--json").json() == {"file": str(workspace.config), "good": True, "problems": []}
    assert not workspace.database.exists(), "it touches no database"


def test_an_option_that_is_misspelt_is_named_with_its_place(workspace):
    workspace.config.write_text(workspace.config.read_text().replace("ttl =", "tll ="))
    result = check(workspace)
    assert result.code == USAGE and "tll" in result.err and f"{workspace.config}:" in result.err and result.err.count(
        "\n") == 1, result
    told = check(workspace, "--json")
    assert told.code == USAGE and told.json()["good"] is False and "tll" in told.json()["problems"][0]


def test_the_files_it_names_are_checked_and_every_problem_is_reported(workspace):
    workspace.configure(
        hits='asn_mmdb = "/nowhere/asn"',
        more='[region]\nprefix_table = "/nowhere/table"\n[safety]\nnever_block_files = ["/nowhere/never"]\n'
        '[[feed]]\nname = "x"\nurl = "axfr://"\n[[feed]]\nname = "y"\nurl = "https://feed.example/"\n'
        'keys = ["nobody"]\n',
    )
    result = check(workspace)
    assert result.code == USAGE, result
    assert all(line.startswith(f"blocklist-tool: {workspace.config}: ") for line in result.err.splitlines()), result
    for culprit in ("/nowhere/asn", "/nowhere/table", "/nowhere/never", "feed x", "nobody"):
        assert any(culprit in line and line.startswith("blocklist-tool: ") for line in result.err.splitlines()), result
    assert len(result.err.splitlines()) == 5, result


def test_the_number_of_protected_names(workspace):
    never = workspace.folder / "never.txt"
    never.write_text("vote.test\n.state.test\n")
    workspace.configure(more=f'\n[safety]\nnever_block_files = ["{never}"]\n')
    assert "2 protected names" in check(workspace).out


def test_an_empty_file_of_protected_names(workspace):
    never = workspace.folder / "never.txt"
    never.write_text("")
    workspace.configure(more=f'\n[safety]\nnever_block_files = ["{never}"]\n')
    assert "protects nothing" in check(workspace).err
    assert str(never) in workspace.tool.refused(USAGE, "local", "block", "vote.test", "--reason", "x").err


def test_a_missing_file(workspace):
    workspace.config.unlink()
    result = check(workspace)
    assert result.code == USAGE and str(workspace.config) in result.err, result


def test_paths_that_depend_on_the_working_directory(workspace):
    text = workspace.config.read_text()
    workspace.config.write_text(text.replace(f'path = "{workspace.database}"', 'path = "db"'))
    assert workspace.config.read_text() != text
    result = check(workspace)
    assert result.code == USAGE and f'{workspace.config}: database.path: "db" is not an absolute path' in result.err


def test_a_time_zone_that_does_not_exist(workspace):
    workspace.configure(more='[display]\ntime_zone = "Mars/X"\n')
    result = check(workspace)
    assert result.code == USAGE and f'{workspace.config}: display.time_zone: "Mars/X"' in result.err, result
