"""Each test logs in a process of its own: how a process logs is decided once."""

import json
import subprocess
import sys

SECRET = "sk-" + "a1B2" * 8


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code], check=True, capture_output=True, text=True
    )


def lines(code: str) -> list[dict[str, object]]:
    done = run(f"import logging\nfrom sapwood_shared.logging import bound, configure, get_logger\n{code}")
    assert done.stdout == "", "stdout belongs to the answer"
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_an_event_is_one_object_a_line_with_its_fields() -> None:
    (line,) = lines("configure()\nget_logger('sapwood.ask').bind(engine='instant').info('answered', rows=3)")

    assert {"event": "answered", "rows": 3, "engine": "instant", "level": "info"}.items() <= line.items()
    assert line["logger"] == "sapwood.ask"
    assert str(line["timestamp"]).endswith("Z")


def test_the_standard_librarys_logs_come_out_in_the_same_form() -> None:
    (line,) = lines(
        "configure()\nlogging.getLogger('lib').warning('slow by %d s', 3, extra={'table': 'flights'})"
    )

    assert {
        "event": "slow by 3 s",
        "table": "flights",
        "level": "warning",
        "logger": "lib",
    }.items() <= line.items()


def test_what_is_bound_is_in_every_line_of_the_block_and_none_after() -> None:
    inside, library, after = lines(
        "configure()\nlog = get_logger('a')\n"
        "with bound(run='run_1'):\n    log.info('one')\n    logging.getLogger('lib').warning('two')\n"
        "log.info('three')"
    )

    assert (inside["run"], library["run"]) == ("run_1", "run_1")
    assert "run" not in after


def test_secrets_are_left_out_of_fields_messages_and_tracebacks_of_both() -> None:
    written = lines(
        f"configure()\nlog = get_logger('a')\n"
        f"log.info('asking', api_key='{SECRET}', headers={{'Authorization': '{SECRET}'}}, url='x {SECRET}')\n"
        f"logging.getLogger('lib').error('failed with {SECRET}', extra={{'password': '{SECRET}'}})\n"
        f"try:\n    raise ValueError('{SECRET}')\nexcept ValueError:\n"
        f"    log.exception('broke')\n    logging.getLogger('lib').exception('broke too')"
    )

    assert len(written) == 4
    assert SECRET not in json.dumps(written)
    assert "ValueError: [redacted]" in str(written[2]["exception"])
    assert "ValueError: [redacted]" in str(written[3]["exception"])


def test_a_field_may_have_any_name_but_event() -> None:
    (line,) = lines(
        "configure()\nget_logger('a').info('x', level='deep', name='n', msg='m', logger_name='l')"
    )

    assert {"name": "n", "msg": "m", "event": "x"}.items() <= line.items()


def test_a_level_keeps_quieter_events_out() -> None:
    written = lines(
        "configure(level='WARNING')\nlog = get_logger('a')\nlog.info('no')\nlog.debug('no')\nlog.error('yes')"
    )

    assert [line["event"] for line in written] == ["yes"]


def test_configuring_twice_writes_each_event_once() -> None:
    assert len(lines("configure()\nconfigure()\nget_logger('a').info('once')")) == 1


def test_the_console_form_is_for_people_and_plain_where_there_is_no_terminal() -> None:
    done = run(
        "from sapwood_shared.logging import configure, get_logger\n"
        "configure(format='console')\nlog = get_logger('a')\n"
        f"log.info('answered', rows=3)\ntry:\n    secret = '{SECRET}'; 1 / 0\nexcept ZeroDivisionError:\n"
        "    log.exception('broke')"
    )

    assert "answered" in done.stderr
    assert "rows=3" in done.stderr
    assert "ZeroDivisionError" in done.stderr
    assert SECRET not in done.stderr, "the values of local variables are nobody's business"
    assert "\x1b" not in done.stderr


def test_without_configuration_only_warnings_are_written_and_to_stderr() -> None:
    done = run(
        "from sapwood_shared.logging import get_logger\nlog = get_logger('a')\n"
        "log.info('quiet')\nlog.warning('loud')"
    )

    assert done.stdout == ""
    assert "loud" in done.stderr
    assert "quiet" not in done.stderr


def test_a_program_with_its_own_handlers_keeps_them() -> None:
    done = run(
        "import logging\nlogging.basicConfig(format='HOST %(message)s', level='INFO')\n"
        "from sapwood_shared.logging import get_logger\nget_logger('a').info('answered', password='x')"
    )

    assert done.stderr.startswith("HOST event='answered'")
    assert "password='[redacted]'" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_structlog_loads_with_the_first_line_that_is_written() -> None:
    done = run(
        "import sys\nfrom sapwood_shared.logging import get_logger\nlog = get_logger('a')\n"
        "log.info('too quiet')\nbefore = 'structlog' in sys.modules\n"
        "log.warning('heard')\nprint(before, 'structlog' in sys.modules)"
    )

    assert done.stdout.split() == ["False", "True"]
