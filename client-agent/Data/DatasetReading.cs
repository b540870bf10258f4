using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Datasets;
using DeepSeek.Federated.Domain.Encoding;

namespace DeepSeek.Federated.Data;

/// <summary>What came of reading a dataset.</summary>
public abstract record DatasetReading
{
    private DatasetReading() { }

    /// <summary>Every row that counts fits the contract.</summary>
    /// <param name="Examples">Normalised by this site's own training rows.</param>
    /// <param name="Summary">What the steward may see about them.</param>
    public sealed record Ready(SplitExamples Examples, DatasetSummary Summary) : DatasetReading
    {
        /// <summary>Day and card of each test row where features are derived from transactions; else empty.</summary>
        public ImmutableArray<CardDay> TestCards { get; init; } = [];
    }

    /// <summary>The data do not fit.</summary>
    /// <param name="Faults">At least one, in the contract's order of columns; at most 101.</param>
    public sealed record Refused(ImmutableArray<DatasetFault> Faults) : DatasetReading;
}

/// <summary>Figures about a dataset as it was read.</summary>
/// <param name="TrainRows">Rows to train on.</param>
/// <param name="TestRows">Rows to test on.</param>
/// <param name="DroppedRows">Rows left out because a value is missing.</param>
/// <param name="PositiveShare">Share of the training rows that are positive, 0 to 1; null unless the label is binary.</param>
/// <param name="Source">SHA-256 of the file's bytes, or of the digests of several files: names what was trained on.</param>
/// <param name="Image">Size of each row's image; null when the rows are no images.</param>
public sealed record DatasetSummary(long TrainRows, long TestRows, long DroppedRows, double? PositiveShare, Digest Source, ImageSize? Image = null)
{
    /// <summary>Transactions that the file holds again, left out.</summary>
    public long DuplicateRows { get; init; }

    /// <summary>Transactions that would test but for their card, which was known as defrauded by then.</summary>
    public long KnownRows { get; init; }
}

/// <summary>Size of an image.</summary>
/// <param name="Channels">Planes, outermost in a row of features.</param>
/// <param name="Height">Lines of pixels.</param>
/// <param name="Width">Pixels of a line.</param>
public sealed record ImageSize(int Channels, int Height, int Width);
