"""How the suite says what it found: a line for each check, for tools/count."""


def check(sentence, problems):
    """Holds when there is no problem; None is none."""
    problems = [problem for problem in problems if problem]
    print("FAILED " if problems else "ok     ", sentence, flush=True)
    for problem in problems:
        print(f"  {problem}", flush=True)


def skip(what, reason):
    print(f"SKIPPED: {what}: {reason}", flush=True)


def raised(function, *arguments):
    """What a check raises, as text."""
    try:
        function(*arguments)
    except Exception as error:
        details = getattr(error.__cause__, "schema_errors", ())
        reasons = [f"{'/'.join(map(str, detail.path))}: {detail.message}" for detail in details]
        return "; ".join(reasons) or f"{type(error).__name__}: {error}"
    return None
