using System.Globalization;

namespace DeepSeek.Federated.Domain.Reading;

/// <summary>The one spelling of lengths of time in documents: a whole number and one of s, m, h, d.</summary>
public static class Durations
{
    /// <summary>Reads such as <c>30s</c>; nothing negative, nothing above 10,000 days.</summary>
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = default;
        if (text is not { Length: >= 2 and <= 12 }
            || !long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count)) return false;
        var seconds = text[^1] switch { 's' => 1L, 'm' => 60, 'h' => 3600, 'd' => 86400, _ => 0 };
        if (seconds == 0 || count > 10_000L * 86400 / seconds) return false;
        duration = TimeSpan.FromSeconds(count * seconds);
        return true;
    }

    /// <summary>Writes whole seconds in the largest unit that divides them.</summary>
    public static string Text(TimeSpan duration) => (long)duration.TotalSeconds switch
    {
        0 => "0s",
        var s when s % 86400 == 0 => $"{s / 86400}d",
        var s when s % 3600 == 0 => $"{s / 3600}h",
        var s when s % 60 == 0 => $"{s / 60}m",
        var s => $"{s}s",
    };
}
