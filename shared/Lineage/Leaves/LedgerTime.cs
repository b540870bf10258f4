using System.Globalization;

namespace DeepSeek.Federated.Lineage.Leaves;

/// <summary>Instants in the ledger: UTC with seven decimals, <c>2026-01-31T12:00:00.0000000Z</c>, and no other spelling.</summary>
public static class LedgerTime
{
    private const string Form = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    /// <summary>The text of an instant; the offset it was given in is not kept.</summary>
    public static string Text(DateTimeOffset instant) => instant.UtcDateTime.ToString(Form, CultureInfo.InvariantCulture);

    /// <summary>The instant of a text.</summary>
    /// <exception cref="FormatException">Another form.</exception>
    public static DateTimeOffset Parse(string? text) =>
        DateTimeOffset.TryParseExact(text, Form, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
            ? instant
            : throw new FormatException($"'{text}' is no instant of the ledger: write UTC with seven decimals and 'Z'.");
}
