using System.Collections.Immutable;
using System.Globalization;

namespace DeepSeek.Federated.Learning.Training;

/// <summary>Batches that another program drew, for replaying its run: one after another, over all rounds.</summary>
public sealed class GivenBatches : IBatchSequence
{
    private const long LongestFile = 256L << 20;
    private readonly ImmutableArray<ImmutableArray<int>> _batches;

    /// <param name="batches">Indices of training rows, batch by batch.</param>
    /// <param name="state">Where to go on: its position counts batches.</param>
    public GivenBatches(ImmutableArray<ImmutableArray<int>> batches, SamplerState state = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(state.Position);
        (_batches, State) = (batches, state);
    }

    /// <inheritdoc/>
    public SamplerState State { get; private set; }

    /// <summary>Reads a file of one batch a line: row indices with a blank between them.</summary>
    /// <exception cref="InvalidDataException">Something else is in it.</exception>
    public static GivenBatches Read(string path, SamplerState state)
    {
        if (new FileInfo(path).Length > LongestFile) throw new InvalidDataException($"'{path}' is longer than {LongestFile} bytes.");
        return new GivenBatches([.. File.ReadLines(path).Select((line, at) => Batch(line) ?? throw new InvalidDataException($"Line {at + 1} of '{path}' is no batch: row indices with a blank between them."))], state);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">There are no more.</exception>
    public ReadOnlySpan<int> Next()
    {
        if (State.Position >= _batches.Length) throw new InvalidDataException($"All {_batches.Length} given batches are used up.");
        var batch = _batches[State.Position];
        State = State with { Position = State.Position + 1 };
        return batch.AsSpan();
    }

    private static ImmutableArray<int>? Batch(string line)
    {
        var batch = ImmutableArray.CreateBuilder<int>();
        foreach (var text in line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var row)) return null;
            batch.Add(row);
        }
        return batch.Count == 0 ? null : batch.ToImmutable();
    }
}
