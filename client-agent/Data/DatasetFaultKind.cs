namespace DeepSeek.Federated.Data;

/// <summary>The ways in which a dataset can fail its contract.</summary>
public enum DatasetFaultKind
{
    /// <summary>A column of the contract is not in the table.</summary>
    MissingColumn,
    /// <summary>A column of the contract is in the table more than once.</summary>
    DuplicateColumn,
    /// <summary>A value is not a number.</summary>
    NotANumber,
    /// <summary>A value is infinite.</summary>
    NotFinite,
    /// <summary>A value is outside the contract's range, or too large for single precision once normalised.</summary>
    OutOfRange,
    /// <summary>A category or class is not one of the contract's levels.</summary>
    UnknownLevel,
    /// <summary>A value is missing where the contract needs one, or a column to be filled has no value in any training row.</summary>
    MissingValue,
    /// <summary>Fewer training rows are left than the contract asks for.</summary>
    TooFewRows,
    /// <summary>The split column says neither training nor testing.</summary>
    UnknownSplitValue,
    /// <summary>There is no header row.</summary>
    EmptyFile,
    /// <summary>A row breaks RFC 4180 or does not have the header's number of cells.</summary>
    MalformedCsv,
    /// <summary>The bytes are not UTF-8.</summary>
    NotUtf8,
    /// <summary>A row is longer than the reader's bound.</summary>
    RowTooLong,
    /// <summary>There is no file.</summary>
    FileMissing,
    /// <summary>The file exists and cannot be read.</summary>
    FileUnreadable,
    /// <summary>More rows or values than one dataset may have.</summary>
    FileTooLarge,
    /// <summary>The file changed between its two readings.</summary>
    FileChanged,
    /// <summary>The columns of an image study are not all numbers.</summary>
    NotAPixel,
    /// <summary>Image files say themselves which rows train and test, and the contract splits by another rule than a column.</summary>
    SplitByFiles,
    /// <summary>Not an IDX file of unsigned bytes.</summary>
    NotIdx,
    /// <summary>Not a zip file of NumPy arrays.</summary>
    NotNpz,
    /// <summary>The file has no array of the configured name, or two.</summary>
    MissingArray,
    /// <summary>The array holds Python objects.</summary>
    PickledArray,
    /// <summary>The array's elements are of a type that is not read here.</summary>
    WrongArrayType,
    /// <summary>The array lies column by column.</summary>
    FortranOrder,
    /// <summary>The array's dimensions are not those of images or labels.</summary>
    WrongArrayShape,
    /// <summary>An image has another number of values than the contract has columns, or training and test images differ in size.</summary>
    WrongImageSize,
    /// <summary>The number of labels is not that of the images.</summary>
    CountsDiffer,
    /// <summary>The values end before the heading's count of them.</summary>
    Truncated,
    /// <summary>Something follows the heading's count of values.</summary>
    TrailingBytes,
    /// <summary>Unpacked, the values would be out of all proportion to the file.</summary>
    UnpacksTooLarge,
    /// <summary>What is packed cannot be unpacked, or does not give its checksum.</summary>
    Damaged,
    /// <summary>The file begins as gzip does and is not one whole gzip file.</summary>
    MalformedGzip,
    /// <summary>The contract derives features over time and the connector does not, or the other way round.</summary>
    WrongConnector,
    /// <summary>A time is before the contract's start or after the year 2099.</summary>
    ClockJump,
    /// <summary>An id stands at transactions that are not the same.</summary>
    ConflictingTransactions,
    /// <summary>The first transaction is later than the first features look back to.</summary>
    HistoryTooShort,
    /// <summary>The list was cut.</summary>
    MoreFaults,
}
