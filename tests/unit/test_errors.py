import pytest

from tracker import errors

LEAVES = [
    (errors.InputError, 1),
    (errors.NotFoundError, 3),
    (errors.AccessError, 4),
    (errors.ConflictError, 5),
    (errors.SchemaError, 1),
    (errors.DeclinedError, 1),
    (errors.ImageError, 1),
    (errors.RecordIntegrityError, 6),
]


@pytest.mark.parametrize(("kind", "exit_code"), LEAVES, ids=[kind.__name__ for kind, _ in LEAVES])
def test_each_error_knows_its_exit_code(kind, exit_code):
    assert kind("'x' is not allowed.").exit_code == exit_code


def test_every_error_of_the_tree_is_listed_here():
    assert set(errors.TrackerError.__subclasses__()) == {kind for kind, _ in LEAVES}


def test_the_tree_in_the_docstring_names_every_error_with_its_exit_code():
    drawn = [line.replace("+-- ", "").split()[:2] for line in errors.__doc__.splitlines() if "Error  " in line]
    kinds = [(errors.TrackerError, errors.TrackerError.exit_code), *LEAVES]
    assert drawn == [[kind.__name__, str(exit_code)] for kind, exit_code in kinds]


def test_an_error_reads_as_its_message_and_its_hint():
    error = errors.NotFoundError("No patient 'B12'.", hint="Did you mean 'B21'?")
    assert (error.message, error.hint) == ("No patient 'B12'.", "Did you mean 'B21'?")
    assert str(error) == "No patient 'B12'. Did you mean 'B21'?"


def test_an_error_without_a_hint_reads_as_its_message():
    assert str(errors.AccessError("The disk is full.")) == "The disk is full."
