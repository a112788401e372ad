"""Modules and functions stay small enough to be read at one sitting."""

import ast

MODULE_LINES = 400
FUNCTION_LINES = 60
SMALL_FUNCTION_LINES = 30
SMALL_SHARE = 0.9


def _body_lines(function):
    """Count a function's lines of body, its docstring aside."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return function.end_lineno - body[0].lineno + 1 if body else 0


def _functions(syntax):
    return {
        f"{path}:{node.lineno} {node.name}": _body_lines(node)
        for path, tree in syntax.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def test_no_module_is_longer_than_four_hundred_lines(program_files):
    # A schema revision is one frozen file that spells out its own tables, so it cannot be split.
    modules = [path for path in program_files if path.parent.name != "versions"]
    lengths = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in modules}
    assert {name: length for name, length in lengths.items() if length > MODULE_LINES} == {}


def test_no_function_is_longer_than_sixty_lines(syntax):
    assert {name: lines for name, lines in _functions(syntax).items() if lines > FUNCTION_LINES} == {}


def test_nine_functions_in_ten_are_at_most_thirty_lines(syntax):
    lengths = list(_functions(syntax).values())
    small = sum(lines <= SMALL_FUNCTION_LINES for lines in lengths)
    assert small >= SMALL_SHARE * len(lengths)


def test_body_lines_leave_out_signature_and_docstring():
    source = 'def f(\n    a,\n):\n    """Say\n\n    more.\n    """\n    b = a\n    return b\n'
    assert _body_lines(ast.parse(source).body[0]) == 2
