using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Models;

namespace DeepSeek.Federated.Parameters.Layout;

/// <summary>All tensors of an architecture in one fixed order, and where the shared ones lie in the flat vector. Immutable.</summary>
/// <remarks>Lengths and offsets are 64-bit and checked. Whoever holds a whole vector in one array asks <see cref="SingleArrayLength"/>.</remarks>
public sealed class TensorLayout
{
    /// <summary>Most values that one array may hold: 2^28 - 1, so that an array of doubles stays below 2 GiB.</summary>
    public const int LargestArray = (1 << 28) - 1;

    private TensorLayout(ImmutableArray<TensorSlot> all)
    {
        All = all;
        Shared = all.RemoveAll(slot => slot.Role != TensorRole.Shared);
        TotalLength = all.Sum(slot => slot.Length);
        SharedLength = Shared.IsEmpty ? 0 : Shared[^1].Offset + Shared[^1].Length;
    }

    /// <summary>Every tensor, in the order of the layers, a weight before its bias.</summary>
    public ImmutableArray<TensorSlot> All { get; }

    /// <summary>The tensors that travel, in the same order; their offsets are contiguous from 0.</summary>
    public ImmutableArray<TensorSlot> Shared { get; }

    /// <summary>Number of values of all shared tensors.</summary>
    public long SharedLength { get; }

    /// <summary>Number of values of all tensors, shared or not.</summary>
    public long TotalLength { get; }

    /// <summary><see cref="SharedLength"/> for code that needs the whole vector in one array.</summary>
    /// <exception cref="NotSupportedException">More than <see cref="LargestArray"/> values.</exception>
    public int SingleArrayLength => SharedLength <= LargestArray
        ? (int)SharedLength
        : throw new NotSupportedException(
            $"The model shares {SharedLength:N0} values; this version of the software holds at most {LargestArray:N0} in one array. Share fewer tensors.");

    /// <summary>Lays out the tensors of <paramref name="spec"/>.</summary>
    /// <exception cref="ArgumentException">A size below 1, an image too small for its filters, more than 2^63 values, or a role for a tensor that does not exist.</exception>
    public static TensorLayout Of(ModelSpec spec)
    {
        try
        {
            var shapes = ArchitectureShapes.Of(spec.Architecture);
            RefuseUnknownRoles(spec, shapes);
            var slots = ImmutableArray.CreateBuilder<TensorSlot>(shapes.Count);
            var offset = 0L;
            foreach (var (name, shape, fanIn) in shapes)
            {
                var role = spec.Roles.GetValueOrDefault(name, TensorRole.Shared);
                var length = shape.Aggregate(1L, (product, size) => checked(product * size));
                slots.Add(new TensorSlot(name, shape, role, role == TensorRole.Shared ? offset : -1, length, fanIn));
                if (role == TensorRole.Shared) offset = checked(offset + length);
            }
            return new TensorLayout(slots.MoveToImmutable());
        }
        catch (OverflowException)
        {
            throw new ArgumentException("The model has more than 2^63 values: make its layers smaller.", nameof(spec));
        }
    }

    /// <summary>The shared tensor that holds value <paramref name="index"/> of the flat vector.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No shared tensor does.</exception>
    public TensorSlot SharedAt(long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, SharedLength);
        return Shared.Last(slot => slot.Offset <= index && slot.Length > 0);
    }

    private static void RefuseUnknownRoles(ModelSpec spec, IReadOnlyList<TensorShape> shapes)
    {
        if (spec.Roles.Keys.FirstOrDefault(name => shapes.All(s => s.Name != name)) is { } unknown)
            throw new ArgumentException($"The model has no tensor '{unknown}'; it has {string.Join(", ", shapes.Select(s => s.Name))}.", nameof(spec));
    }
}
