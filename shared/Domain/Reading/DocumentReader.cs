using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using DeepSeek.Federated.Domain.Names;

namespace DeepSeek.Federated.Domain.Reading;

/// <summary>
/// Reads one object of a document strictly: every key must be asked for, every value must be in range, and all faults are found in one pass.
/// A fault names the path and the mend. Decimal numbers are written as strings (RFC 8785 leaves them to no reader's taste).
/// </summary>
public sealed class DocumentReader
{
    private readonly JsonElement _object;
    private readonly string _path;
    private readonly List<string> _faults;
    private readonly HashSet<string> _asked = [];

    /// <summary>Reads the document's root.</summary>
    public DocumentReader(JsonElement root, List<string> faults) : this(root, "", faults) { }

    private DocumentReader(JsonElement value, string path, List<string> faults)
    {
        (_object, _path, _faults) = (value, path, faults);
        if (value.ValueKind != JsonValueKind.Object) Fault("", "must be a mapping of keys to values");
    }

    /// <summary>Whether the key is there with a value.</summary>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>Whether the key is there with keys of its own, where it may also hold a plain value.</summary>
    public bool IsObject(string key) => Find(key) is { ValueKind: JsonValueKind.Object };

    /// <summary>Adds a fault at a key.</summary>
    public void Fault(string key, string sentence) => _faults.Add($"{Path(key)}: {sentence}.");

    /// <summary>To be called last: every key that nobody asked for is a fault.</summary>
    public void Finish()
    {
        if (_object.ValueKind != JsonValueKind.Object) return;
        foreach (var member in _object.EnumerateObject().Where(m => !_asked.Contains(m.Name)))
            Fault(member.Name, $"unknown key; known here: {string.Join(", ", _asked.Order(StringComparer.Ordinal))}");
    }

    /// <summary>A nested object; an absent one reads as empty, so that its own required keys are the faults.</summary>
    public DocumentReader Object(string key) => new(Find(key) ?? Empty, Path(key), _faults);

    /// <summary>A list of objects.</summary>
    public ImmutableArray<T> Objects<T>(string key, Func<DocumentReader, T?> read) where T : class
    {
        var read1 = ImmutableArray.CreateBuilder<T>();
        var i = 0;
        foreach (var item in List(key))
        {
            var inner = new DocumentReader(item, $"{Path(key)}[{i++}]", _faults);
            if (read(inner) is { } value) read1.Add(value);
            inner.Finish();
        }
        return read1.ToImmutable();
    }

    /// <summary>A list of texts (numbers count by their text).</summary>
    public ImmutableArray<string> Texts(string key) => [.. List(key).Select(item => Scalar(item) ?? Broken(key, "must be a list of texts", ""))];

    /// <summary>A text of at most <paramref name="longest"/> characters.</summary>
    public string Text(string key, int longest, string? otherwise = null)
    {
        var value = Find(key);
        if (value is null) return otherwise ?? Broken(key, "is required", "");
        var text = Scalar(value.Value);
        if (text is null) return Broken(key, "must be a text", "");
        return text.Length <= longest && !text.Any(c => char.IsControl(c) && c != '\n') ? text : Broken(key, $"must have at most {longest} printable characters", "");
    }

    /// <summary>A text that must be exactly one value, as apiVersion and kind are.</summary>
    public void Exactly(string key, string expected)
    {
        if (Text(key, 200) is var found && found != expected && found.Length > 0) Fault(key, $"must be '{expected}', not '{found}'");
    }

    /// <summary>An integer within bounds.</summary>
    public long Integer(string key, long least, long most, long? otherwise = null)
    {
        if (Find(key) is not { } value) return otherwise ?? Broken(key, "is required", least);
        return Scalar(value) is { } text && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : Broken(key, $"must be a whole number from {least} to {most}", least);
    }

    /// <summary>A finite number within bounds; fractions may be written plainly.</summary>
    public double Number(string key, double least, double most, double? otherwise = null)
    {
        if (Find(key) is not { } value) return otherwise ?? Broken(key, "is required", least);
        return Scalar(value) is { } text && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : Broken(key, FormattableString.Invariant($"must be a number from {least} to {most}"), least);
    }

    /// <summary>true or false.</summary>
    public bool Flag(string key, bool otherwise) => Find(key) switch
    {
        null                                     => otherwise,
        { ValueKind: JsonValueKind.True }        => true,
        { ValueKind: JsonValueKind.False }       => false,
        _                                        => Broken(key, "must be true or false", otherwise),
    };

    /// <summary>A length of time: a whole number and one of s, m, h, d.</summary>
    public TimeSpan Duration(string key, TimeSpan least, TimeSpan most, TimeSpan otherwise)
    {
        if (Find(key) is not { } value) return otherwise;
        return Durations.TryParse(Scalar(value), out var duration) && duration >= least && duration <= most
            ? duration
            : Broken(key, $"must be a time from {Durations.Text(least)} to {Durations.Text(most)}, written like 30s, 10m, 2h or 1d", otherwise);
    }

    /// <summary>One word of an enumeration, written in kebab-case.</summary>
    public T Word<T>(string key, T? otherwise = null) where T : struct, Enum
    {
        if (Find(key) is not { } value) return otherwise ?? Broken(key, $"is required: one of {Words.All<T>()}", default(T));
        return Words.TryParse<T>(Scalar(value), out var word) ? word : Broken(key, $"must be one of {Words.All<T>()}", default(T));
    }

    /// <summary>A list of words of an enumeration, each once.</summary>
    public ImmutableArray<T> WordList<T>(string key) where T : struct, Enum
    {
        var words = Texts(key).Select(t => Words.TryParse<T>(t, out var word) ? word : Broken(key, $"may hold {Words.All<T>()}", default(T))).ToImmutableArray();
        if (words.Distinct().Count() != words.Length) Fault(key, "names a word twice");
        return words;
    }

    /// <summary>A list of site names, each once.</summary>
    public ImmutableArray<SiteId> Sites(string key)
    {
        var names = Texts(key);
        foreach (var bad in names.Where(n => !Slug.Is(n))) Fault(key, $"'{bad}' is not a site name: {Slug.Rule}");
        if (names.Distinct().Count() != names.Length) Fault(key, "names a site twice");
        return [.. names.Where(Slug.Is).Select(n => new SiteId(n))];
    }

    private static readonly JsonElement Empty = JsonDocument.Parse("{}").RootElement;

    private JsonElement? Find(string key)
    {
        _asked.Add(key);
        return _object.ValueKind == JsonValueKind.Object && _object.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    private IEnumerable<JsonElement> List(string key)
    {
        if (Find(key) is not { } value) return [];
        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() <= 100_000) return value.EnumerateArray();
        Fault(key, "must be a list");
        return [];
    }

    private static string? Scalar(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.GetRawText(),
        _ => null,
    };

    private string Path(string key) => (_path, key) switch { (_, "") => _path.Length == 0 ? "document" : _path, ("", _) => key, _ => $"{_path}.{key}" };

    private T Broken<T>(string key, string sentence, T instead)
    {
        Fault(key, sentence);
        return instead;
    }
}
