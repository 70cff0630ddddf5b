class InputError(ValueError):
    """What a person typed cannot be understood. `code` is for the program, `message`, translated, for the person."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
