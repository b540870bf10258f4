using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace DeepSeek.Federated.Documents;

/// <summary>The YAML parser, with its slips on hostile text (found by test: it trips over its own invariants) reported as malformed text.</summary>
internal sealed class GuardedParser(string text) : IParser
{
    private readonly Parser _parser = new(new StringReader(text));

    /// <inheritdoc/>
    public ParsingEvent? Current => _parser.Current;

    /// <inheritdoc/>
    public bool MoveNext()
    {
        try
        {
            return _parser.MoveNext();
        }
        catch (Exception slip) when (slip is InvalidOperationException or ArgumentException or IndexOutOfRangeException)
        {
            var at = _parser.Current?.End ?? Mark.Empty;
            throw new YamlException(at, at, "This is no YAML that can be read. Check the indentation, the quotes and the '---' and '...' lines.", slip);
        }
    }
}
