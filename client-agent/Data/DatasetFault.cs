namespace DeepSeek.Federated.Data;

/// <summary>One way in which a dataset does not fit its contract. It holds no value and no row number.</summary>
/// <param name="Column">A column that the contract names; null where the table as a whole is meant. Never a header that only the site has.</param>
/// <param name="Kind">What is wrong.</param>
/// <param name="Rows">How many rows are concerned; for <see cref="DatasetFaultKind.MoreFaults"/> how many faults; 0 where rows do not matter.</param>
/// <param name="Part">Which file or array is meant, where there are several.</param>
public sealed record DatasetFault(string? Column, DatasetFaultKind Kind, long Rows, DatasetPart Part = DatasetPart.Whole)
{
    /// <summary>Cause and mend in one sentence or two, for people at the site.</summary>
    public string Sentence => Say(Rows == 1 ? "1 row has" : $"{Rows} rows have", $"{Rows}");

    /// <summary>The same without a number: a contract's author could otherwise count a site's rows by asking for impossible ranges.</summary>
    public string ToOthers => Say("some rows have", "some");

    private string Say(string have, string number) => Where + Kind switch
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
        DatasetFaultKind.NotAPixel => "it is a category, and an image has only numbers. Take a table's connector for this dataset, or ask the study's author.",
        DatasetFaultKind.SplitByFiles => "images are divided into training and test by their files, and the contract divides otherwise. Ask the study's author for a split of kind 'column'.",
        DatasetFaultKind.NotIdx => "the file is no IDX file of unsigned bytes. Give one as MNIST has them, plain or packed with gzip.",
        DatasetFaultKind.NotNpz => "the file is no zip file of NumPy arrays. Write it with numpy.savez or numpy.savez_compressed.",
        DatasetFaultKind.MissingArray => "the file does not have exactly one array of that name. Name it in this site's data configuration as the file does.",
        DatasetFaultKind.PickledArray => "the array holds Python objects, which only code of the file's own could read. Save numbers.",
        DatasetFaultKind.WrongArrayType => "the array's numbers are of another type than is read here. Save images as uint8, uint16 or float32 and labels as integers, little-endian.",
        DatasetFaultKind.FortranOrder => "the array lies column by column. Save it after numpy.ascontiguousarray.",
        DatasetFaultKind.WrongArrayShape => "the array's dimensions are not those that belong here. Images are count × height × width, with 1 to 4 channels last; labels are count, or count × 1.",
        DatasetFaultKind.WrongImageSize => "the images do not have as many values as the contract has columns, or not the size of the training images. Scale them to the study's size.",
        DatasetFaultKind.CountsDiffer => "there are not as many labels as images. Give every image its label, in the same order.",
        DatasetFaultKind.Truncated => "the file ends before all the values that its heading counts. Copy it again.",
        DatasetFaultKind.TrailingBytes => "the file goes on after all the values that its heading counts. Write it anew from its source.",
        DatasetFaultKind.UnpacksTooLarge => "the file would unpack to far more than its size lets expect of images. Write it anew from its source.",
        DatasetFaultKind.Damaged => "what the file holds cannot be unpacked, or does not give its checksum. Copy it again.",
        DatasetFaultKind.MalformedGzip => "the file is compressed and damaged, cut off or put together from several. Compress it again, as one, with gzip.",
        DatasetFaultKind.WrongConnector => "contract and connector do not fit: features over time come from raw transactions by the connector 'transactions', and from nothing else. Name the right connector.",
        DatasetFaultKind.ClockJump => $"{have} a time before the contract's start or after the year 2099. Write seconds since the start, and check the clocks that wrote them.",
        DatasetFaultKind.ConflictingTransactions => $"{have} an id that another row has with other content. Give each transaction one id; the same row twice is left out.",
        DatasetFaultKind.HistoryTooShort => "the transactions begin too late: the contract's delay and longest window reach back before the first. Provide earlier ones.",
        DatasetFaultKind.MoreFaults => $"there are {number} more faults like these. Mend those listed first.",
    };

    private string Where => (Part, Column) switch
    {
        (DatasetPart.Whole, null)  => "",
        (DatasetPart.Whole, _)     => $"Column '{Column}': ",
        (_, null)                  => $"{PartName}: ",
        _                          => $"{PartName}, column '{Column}': ",
    };

    private string PartName => Part switch
    {
        DatasetPart.Whole       => "Dataset",
        DatasetPart.TrainImages => "Training images",
        DatasetPart.TrainLabels => "Training labels",
        DatasetPart.TestImages  => "Test images",
        DatasetPart.TestLabels  => "Test labels",
    };
}
