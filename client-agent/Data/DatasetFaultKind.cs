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
    /// <summary>The list was cut.</summary>
    MoreFaults,
}
