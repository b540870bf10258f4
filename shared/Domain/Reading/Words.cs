using System.Text.Json;

namespace DeepSeek.Federated.Domain.Reading;

/// <summary>The one spelling of an enumeration's words in documents, leaves and tables: kebab-case.</summary>
public static class Words
{
    /// <summary>The word of a value, such as <c>too-few-rows</c>.</summary>
    public static string Of<T>(T value) where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    /// <summary>The value of a word.</summary>
    public static bool TryParse<T>(string? text, out T value) where T : struct, Enum
    {
        foreach (var candidate in Enum.GetValues<T>())
        {
            if (Of(candidate) != text) continue;
            value = candidate;
            return true;
        }
        value = default;
        return false;
    }

    /// <summary>All words, for error sentences.</summary>
    public static string All<T>() where T : struct, Enum => string.Join(", ", Enum.GetValues<T>().Select(Of));
}
