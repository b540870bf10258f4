using System.Collections.Immutable;
using System.Globalization;

namespace DeepSeek.Federated.Data.Contract;

/// <summary>Finds the index of a level. <c>1</c>, <c>1.0</c> and <c>01</c> are one level: tables of the same origin differ in this.</summary>
internal sealed class LevelIndex
{
    private readonly Dictionary<string, int> _texts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _spans;
    private readonly Dictionary<double, int> _numbers = [];

    public LevelIndex(ImmutableArray<string> levels)
    {
        _spans = _texts.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var i = 0; i < levels.Length; i++)
        {
            var level = levels[i].AsSpan().Trim();
            if (!_texts.TryAdd(level.ToString(), i)) throw new ArgumentException($"The contract lists level '{level}' twice: list it once.", nameof(levels));
            if (double.TryParse(level, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) && !_numbers.TryAdd(number, i))
                throw new ArgumentException($"The contract lists level '{level}' twice, spelled differently: list it once.", nameof(levels));
        }
    }

    public bool TryFind(ReadOnlySpan<char> cell, out int index) =>
        _spans.TryGetValue(cell, out index)
        || (Cells.ReadNumber(cell, out var number) is null && _numbers.TryGetValue(number, out index));
}
