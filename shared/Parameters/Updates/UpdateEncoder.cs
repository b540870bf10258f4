using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Parameters.Layout;
using DeepSeek.Federated.Parameters.Randomness;

namespace DeepSeek.Federated.Parameters.Updates;

/// <summary>Makes a site's float deltas into digits: residual in, limit to the range, scale by weight, round, offset. Gives them chunk by chunk.</summary>
/// <remarks>
/// w = min(n, cap)/cap; q = w·(x + residual)/unit, limited to ±w·2^(b-1), rounded up with the probability of its fraction, else down (unbiased within
/// the range: E[q] is the value itself, QSGD, Alistarh et al., NeurIPS 2017), then saturated to [-2^(b-1), 2^(b-1)). So a value reaches ±R before it is
/// weighted, and q at most ⌈w·2^(b-1)⌉: a site cannot say more than its weight allows, and whoever sees one update can check that. What is left,
/// (x + residual) - q·unit/w, is the next residual (error feedback: Karimireddy et al., ICML 2019). One 32-bit draw a value, whatever the value. All
/// arithmetic in double, in this order. Not thread-safe; memory is O(1) beside the draft.
/// </remarks>
public sealed class UpdateEncoder : IDigitSource
{
    private readonly UpdateDraft _draft;
    private readonly SeededStream _rounding;
    private readonly FixedPoint _code;
    private readonly CountDigits _counts;
    private readonly double _weight;
    private readonly long _lowest, _highest;
    private long _position;

    /// <summary>Checks everything that can be refused before the first digit is given.</summary>
    /// <param name="ring">The round's ring; its layout's values are the tensors' shared values.</param>
    /// <param name="plan">Scale and weight cap.</param>
    /// <param name="tensors">Names what is not finite.</param>
    /// <param name="draft">What the site has to say; its memory must not change while digits are read.</param>
    /// <param name="rounding">The stream of (site secret; study, round, rounding).</param>
    /// <exception cref="ArgumentException">Shapes, value bits or counts do not belong together, or there are no rows.</exception>
    /// <exception cref="NonFiniteUpdateException">A delta or residual is NaN or infinite.</exception>
    public UpdateEncoder(UpdateRing ring, UpdatePlan plan, TensorLayout tensors, UpdateDraft draft, SeededStream rounding)
    {
        (_draft, _rounding, _code) = (draft, rounding, new FixedPoint(plan));
        if (plan.ValueBits != ring.ValueBits) throw new ArgumentException("The plan and the ring have different value bits.", nameof(plan));
        if (ring.Layout.Values != tensors.SharedLength || draft.Deltas.Length != tensors.SharedLength)
            throw new ArgumentException($"The model shares {tensors.SharedLength} values, the ring has {ring.Layout.Values}, the draft {draft.Deltas.Length}.", nameof(draft));
        if (draft.Residual.Length is var r && r != 0 && r != draft.Deltas.Length || draft.NextResidual.Length is var n && n != 0 && n != draft.Deltas.Length)
            throw new ArgumentException("A residual is as long as the deltas, or empty.", nameof(draft));
        if (draft.Rows < 1) throw new ArgumentException("An update needs at least one training row.", nameof(draft));
        CountDigits.Check(ring.Layout, draft.Counts, [CountNames.Weight, CountNames.Saturated]);
        RefuseNonFinite(tensors, draft.Deltas.Span);
        RefuseNonFinite(tensors, draft.Residual.Span);
        Weight = Math.Min(draft.Rows, plan.WeightCap);
        _weight = (double)Weight / plan.WeightCap;
        var reach = _code.ReachOf(Weight);
        (_lowest, _highest) = (_code.Offset - reach, Math.Min(_code.Largest, _code.Offset + reach));
        _counts = new CountDigits(ring, CountOf);
    }

    /// <summary>min(n, cap): the count "weight".</summary>
    public int Weight { get; }

    /// <summary>How many of the values given so far saturated: the count "saturated".</summary>
    public long Saturated { get; private set; }

    /// <inheritdoc/>
    public void Next(Span<ulong> digits)
    {
        var values = (int)Math.Min(digits.Length, _draft.Deltas.Length - _position);
        EncodeValues(digits[..values]);
        _position += values;
        _counts.Next(digits[values..]);
    }

    private void EncodeValues(Span<ulong> digits)
    {
        var at = (int)_position;
        var deltas = _draft.Deltas.Span.Slice(at, digits.Length);
        var residual = _draft.Residual.IsEmpty ? default : _draft.Residual.Span.Slice(at, digits.Length);
        var next = _draft.NextResidual.IsEmpty ? default : _draft.NextResidual.Span.Slice(at, digits.Length);
        var most = _weight * _code.Offset;
        for (var i = 0; i < digits.Length; i++)
        {
            var wanted = deltas[i] + (residual.IsEmpty ? 0.0 : residual[i]);
            var weighted = wanted * _weight / _code.Unit;
            var units = Math.Clamp(weighted, -most, most);
            var floor = Math.Floor(units);
            var rounded = floor + (_rounding.NextUInt32() < (units - floor) * 4294967296.0 ? 1 : 0) + _code.Offset;
            var level = Math.Clamp(rounded, _lowest, _highest);
            if (units != weighted || level != rounded) Saturated++;
            digits[i] = (ulong)level;
            if (!next.IsEmpty) next[i] = (float)Math.Clamp(wanted - (level - _code.Offset) * _code.Unit / _weight, float.MinValue, float.MaxValue);
        }
    }

    private long CountOf(string name) => name switch
    {
        CountNames.Weight => Weight,
        CountNames.Saturated => Saturated,
        _ => _draft.Counts[name],
    };

    private static void RefuseNonFinite(TensorLayout tensors, ReadOnlySpan<float> values)
    {
        for (var i = 0; i < values.Length; i++)
            if (!float.IsFinite(values[i])) throw new NonFiniteUpdateException(tensors.SharedAt(i).Name);
    }
}
