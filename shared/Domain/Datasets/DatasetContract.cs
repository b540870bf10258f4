using System.Collections.Immutable;

namespace DeepSeek.Federated.Domain.Datasets;

/// <summary>What a site's table must look like before it may train: checked in full before the first step, refused with a reason and never with a row.</summary>
/// <param name="Name">The dataset's name: the site's configuration maps it to a connector.</param>
/// <param name="Columns">The feature columns, in the order in which they become inputs.</param>
/// <param name="Label">The column to predict.</param>
/// <param name="Split">Which rows train and which test.</param>
/// <param name="MinimumRows">Fewest training rows, after dropping, with which a site may take part; at least 1.</param>
public sealed record DatasetContract(string Name, ImmutableArray<FeatureColumn> Columns, LabelColumn Label, SplitRule Split, int MinimumRows)
{
    /// <summary>Width of an input row: numbers count one, categories one for each level but the first.</summary>
    public int FeatureCount => Columns.Sum(c => c.Width);

    /// <summary>How the columns come from raw transactions; null where the table holds them as they are.</summary>
    public TransactionFeatures? Derive { get; init; }
}

/// <summary>What to do with a missing value (empty, <c>?</c>, <c>NA</c> or <c>NaN</c>).</summary>
public enum MissingRule
{
    /// <summary>The site does not take part.</summary>
    Refuse,
    /// <summary>The row is left out.</summary>
    DropRow,
    /// <summary>The mean of the column's present training values at this site; for a category its first level.</summary>
    Fill,
}

/// <summary>How a number becomes an input of the model.</summary>
public abstract record Normalisation
{
    private Normalisation() { }

    /// <summary>x as it is.</summary>
    public sealed record None : Normalisation;

    /// <summary>(x - mean)/(std + 1e-9) by this site's own training rows, std with n-1.</summary>
    public sealed record OwnRows : Normalisation;

    /// <summary>(x - Mean)/Std by constants of the manifest, the same at every site: image studies publish theirs.</summary>
    /// <param name="Mean">Finite, in the column's own unit.</param>
    /// <param name="Std">1e-9 or more, in the same unit.</param>
    public sealed record Fixed(double Mean, double Std) : Normalisation;
}

/// <summary>One feature column of the table.</summary>
public abstract record FeatureColumn(string Name, MissingRule Missing)
{
    /// <summary>How many inputs the column becomes.</summary>
    public abstract int Width { get; }

    /// <summary>A number within [Min, Max]; a value outside makes the site refuse.</summary>
    /// <param name="Name">Header of the column.</param>
    /// <param name="Min">Smallest allowed value, in the column's own unit.</param>
    /// <param name="Max">Largest allowed value.</param>
    /// <param name="Normalise">How it becomes an input.</param>
    /// <param name="Missing">What a missing value means.</param>
    public sealed record Number(string Name, double Min, double Max, Normalisation Normalise, MissingRule Missing) : FeatureColumn(Name, Missing)
    {
        /// <summary>As <c>normalise: true</c> and <c>false</c> of a manifest: by the site's own rows, or not at all.</summary>
        public Number(string name, double min, double max, bool normalise, MissingRule missing)
            : this(name, min, max, normalise ? new Normalisation.OwnRows() : new Normalisation.None(), missing) { }

        /// <inheritdoc/>
        public override int Width => 1;
    }

    /// <summary>One of a closed list of levels; one-hot with the first level dropped. <c>1</c> and <c>1.0</c> are the same level.</summary>
    /// <param name="Name">Header of the column.</param>
    /// <param name="Levels">At least two, all different; a value outside makes the site refuse.</param>
    /// <param name="Normalise">Whether each 0/1 input is normalised as <see cref="Normalisation.OwnRows"/> says.</param>
    /// <param name="Missing">What a missing value means.</param>
    public sealed record Category(string Name, ImmutableArray<string> Levels, bool Normalise, MissingRule Missing) : FeatureColumn(Name, Missing)
    {
        /// <inheritdoc/>
        public override int Width => Levels.Length - 1;
    }
}

/// <summary>The column to predict. A missing label drops the row or refuses, as its rule says; <see cref="MissingRule.Fill"/> is not allowed.</summary>
public abstract record LabelColumn(string Name, MissingRule Missing)
{
    /// <summary>Number of model outputs: 1 for a binary label.</summary>
    public abstract int Outputs { get; }

    /// <summary>Positive when the value is above <paramref name="PositiveAbove"/>.</summary>
    public sealed record Binary(string Name, double PositiveAbove, MissingRule Missing) : LabelColumn(Name, Missing)
    {
        /// <inheritdoc/>
        public override int Outputs => 1;
    }

    /// <summary>One of a closed list of classes, numbered in the order given.</summary>
    public sealed record Classes(string Name, ImmutableArray<string> Levels, MissingRule Missing) : LabelColumn(Name, Missing)
    {
        /// <inheritdoc/>
        public override int Outputs => Levels.Length;
    }
}

/// <summary>Which rows train and which test. The same rows, in the same order, at every start.</summary>
public abstract record SplitRule
{
    private SplitRule() { }

    /// <summary>A column says it; any third value makes the site refuse.</summary>
    public sealed record ByColumn(string Name, string Train, string Test) : SplitRule;

    /// <summary>Every row whose index i (among kept rows) has ⌊(i+1)·f⌋ > ⌊i·f⌋ tests: evenly spread, no randomness.</summary>
    /// <param name="TestFraction">f in (0, 0.9].</param>
    public sealed record Every(double TestFraction) : SplitRule;

    /// <summary>By day, both ends included: transactions of one period train and those of a later one test, but not those of a card that is known as defrauded.</summary>
    /// <param name="TrainFrom">First day of training.</param>
    /// <param name="TrainTo">Last day of training.</param>
    /// <param name="TestFrom">First day of testing: more than the delay after <paramref name="TrainTo"/>, for until then no training label is known.</param>
    /// <param name="TestTo">Last day of testing.</param>
    /// <remarks>On test day d a card is known when it has a fraud in the training period, or after it until d - delay - 1. The Handbook's train and test sets.</remarks>
    public sealed record Period(DateOnly TrainFrom, DateOnly TrainTo, DateOnly TestFrom, DateOnly TestTo) : SplitRule;
}

/// <summary>Rows ready to learn from: features [Count, Width] row-major, finite; labels in [0, outputs) or {0, 1}.</summary>
public sealed record Examples(int Count, int Width, float[] Features, int[] Labels)
{
    /// <summary>Row <paramref name="index"/>'s features; shape [Width].</summary>
    public ReadOnlySpan<float> Row(int index) => Features.AsSpan(index * Width, Width);
}

/// <summary>A site's rows of one dataset, split.</summary>
public sealed record SplitExamples(Examples Train, Examples Test);
