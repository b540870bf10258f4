namespace DeepSeek.Federated.Data;

/// <summary>One way in which a dataset does not fit its contract. It holds no value and no row number.</summary>
/// <param name="Column">A column that the contract names; null where the table as a whole is meant. Never a header that only the site has.</param>
/// <param name="Kind">What is wrong.</param>
/// <param name="Rows">How many rows are concerned; for <see cref="DatasetFaultKind.MoreFaults"/> how many faults; 0 where rows do not matter.</param>
public sealed record DatasetFault(string? Column, DatasetFaultKind Kind, long Rows)
{
    /// <summary>Cause and mend in one sentence or two, for people at the site.</summary>
    public string Sentence => Say(Rows == 1 ? "1 row has" : $"{Rows} rows have", $"{Rows}");

    /// <summary>The same without a number: a contract's author could otherwise count a site's rows by asking for impossible ranges.</summary>
    public string ToOthers => Say("some rows have", "some");

    private string Say(string have, string number) => (Column is null ? "" : $"Column '{Column}': ") + Kind switch
    {
        DatasetFaultKind.MissingColumn => "the table has no such column. Add it, or rename yours as the contract spells it.",
        DatasetFaultKind.DuplicateColumn => "the table has it more than once. Keep one.",
        DatasetFaultKind.NotANumber => $"{have} no number. Write digits with a decimal point and no unit; leave unknown values empty.",
        DatasetFaultKind.NotFinite => $"{have} an infinite number. Leave unknown values empty.",
        DatasetFaultKind.OutOfRange => $"{have} a number outside the contract's range. Check unit and spelling; leave unknown values empty.",
        DatasetFaultKind.UnknownLevel => $"{have} a level that the contract does not list. Map it to a listed one, or leave it empty.",
        DatasetFaultKind.MissingValue => $"{have} no value, and the contract needs one. Complete or remove such rows.",
        DatasetFaultKind.TooFewRows => $"after dropping there are {number} training rows, fewer than the contract asks for. Provide more rows.",
        DatasetFaultKind.UnknownSplitValue => $"{have} neither the contract's word for training nor that for testing. Write one of the two.",
        DatasetFaultKind.EmptyFile => "the file is empty. It needs a header row and data rows.",
        DatasetFaultKind.MalformedCsv => $"{have} the wrong form: more or fewer cells than the header, or a stray quote. Write the file as RFC 4180 says.",
        DatasetFaultKind.NotUtf8 => $"{have} bytes that are not UTF-8. Save the file as UTF-8.",
        DatasetFaultKind.RowTooLong => "a row is too long to be one; often a quote is not closed. Write the file as RFC 4180 says.",
        DatasetFaultKind.FileMissing => "the file does not exist. Put it where this site's data configuration says, or mend the path there.",
        DatasetFaultKind.FileUnreadable => "the file cannot be read. Give the agent's account the right to read it, and check the disk.",
        DatasetFaultKind.FileTooLarge => $"there are more than {number} rows that fit into one dataset. Divide the table.",
        DatasetFaultKind.FileChanged => "the file changed while it was read. Replace it by renaming, and try again.",
        DatasetFaultKind.MoreFaults => $"there are {number} more faults like these. Mend those listed first.",
    };
}
