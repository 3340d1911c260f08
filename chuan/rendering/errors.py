"""What can go wrong while a document is made or read; each message says what happened and what to do."""


class RenderingError(Exception):
    """A document could not be made or read; the message is meant for the person who asked for it."""


class FontsMissing(RenderingError):
    """The document font is not where it should be, so no PDF can be made."""


class TextCannotBePrinted(RenderingError):
    """A text holds a character that the document font does not have."""


class UnsafeDrawing(RenderingError):
    """An SVG drawing holds a script, an entity or a reference to something outside itself."""


class UnreadableDocument(RenderingError):
    """An uploaded file is not a Word document that can be read safely."""


class SheetRefused(RenderingError):
    """A value cannot be put into a worksheet without being changed or cut."""
