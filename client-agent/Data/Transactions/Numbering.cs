namespace DeepSeek.Federated.Data.Transactions;

/// <summary>Numbers texts from 0 in the order of their first appearance.</summary>
internal sealed class Numbering
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _spans;

    public Numbering() => _spans = _numbers.GetAlternateLookup<ReadOnlySpan<char>>();

    public int Count => _numbers.Count;

    public int Of(ReadOnlySpan<char> text)
    {
        if (!_spans.TryGetValue(text, out var number)) _numbers.Add(text.ToString(), number = _numbers.Count);
        return number;
    }
}
