namespace DeepSeek.Federated.Domain.Names;

/// <summary>The form every name of the house has: 1 to 40 of a-z, 0-9 and '-', beginning with a letter, not ending with '-'.</summary>
/// <remarks>Names are ids: they stand in the ledger, in URLs and in file names, so the form is narrow enough for all three.</remarks>
public static class Slug
{
    /// <summary>What a person is told when a name is refused.</summary>
    public const string Rule = "1 to 40 characters of a-z, 0-9 and '-', beginning with a letter and not ending with '-'";

    /// <summary>Whether <paramref name="text"/> has the form.</summary>
    public static bool Is(string? text) =>
        text is { Length: >= 1 and <= 40 } && text[0] is >= 'a' and <= 'z' && text[^1] != '-'
        && !text.AsSpan().ContainsAnyExcept("abcdefghijklmnopqrstuvwxyz0123456789-");

    internal static string Checked(string? text, string what) =>
        Is(text) ? text! : throw new FormatException($"'{text}' is not a {what}: {Rule}.");
}

/// <summary>A hospital or bank, by the name it was invited under.</summary>
/// <exception cref="FormatException">Not a <see cref="Slug"/>.</exception>
public readonly record struct SiteId : IComparable<SiteId>
{
    private readonly string? _value;

    /// <summary>Takes a name that has the form of a <see cref="Slug"/>.</summary>
    public SiteId(string value) => _value = Slug.Checked(value, "site name");

    /// <summary>The name. The default value of this struct has none and throws.</summary>
    public string Value => _value ?? throw new InvalidOperationException("No site was named.");

    /// <inheritdoc/>
    public int CompareTo(SiteId other) => string.CompareOrdinal(_value, other._value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>A study, by the name in its manifest.</summary>
/// <exception cref="FormatException">Not a <see cref="Slug"/>.</exception>
public readonly record struct StudyId : IComparable<StudyId>
{
    private readonly string? _value;

    /// <summary>Takes a name that has the form of a <see cref="Slug"/>.</summary>
    public StudyId(string value) => _value = Slug.Checked(value, "study name");

    /// <summary>The name. The default value of this struct has none and throws.</summary>
    public string Value => _value ?? throw new InvalidOperationException("No study was named.");

    /// <inheritdoc/>
    public int CompareTo(StudyId other) => string.CompareOrdinal(_value, other._value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>One round of one study; rounds count from 1.</summary>
public readonly record struct RoundId(StudyId Study, int Number)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Study}/{Number}";
}
