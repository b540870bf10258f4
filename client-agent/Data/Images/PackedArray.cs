using System.Collections.Immutable;

namespace DeepSeek.Federated.Data.Images;

/// <summary>An array of a file: its heading is read, its values are still packed.</summary>
/// <param name="type">Type of its elements.</param>
/// <param name="shape">Its sizes, outermost first, as the heading says them: not to be trusted.</param>
/// <param name="values">What follows the heading, unpacked while it is read; belongs to this.</param>
/// <param name="size">Where and how large the values are.</param>
/// <param name="finish">Called when all values were read and nothing followed: checks and digests.</param>
internal sealed class PackedArray(ElementType type, ImmutableArray<long> shape, Stream values, PackedSize size, Action finish) : IDisposable
{
    public ElementType Type => type;

    public ImmutableArray<long> Shape => shape;

    /// <summary>Called before memory is taken for the values: can the file hold so many bytes, and would it be an honest file?</summary>
    /// <exception cref="ArrayFaultException">No.</exception>
    public void Expect(long bytes, ImageLimits limits)
    {
        if (size.Unpacked is { } said && said != bytes) throw new ArrayFaultException(said < bytes ? DatasetFaultKind.Truncated : DatasetFaultKind.TrailingBytes);
        if (bytes > limits.Unquestioned && bytes / limits.MostRatio > size.Packed) throw new ArrayFaultException(DatasetFaultKind.UnpacksTooLarge);
    }

    /// <summary>Reads the next bytes.</summary>
    /// <exception cref="ArrayFaultException">There are fewer.</exception>
    public void Read(Span<byte> into)
    {
        if (values.ReadAtLeast(into, into.Length, throwOnEndOfStream: false) < into.Length) throw new ArrayFaultException(DatasetFaultKind.Truncated);
    }

    /// <summary>Called after the last value.</summary>
    /// <exception cref="ArrayFaultException">Something follows, or a check fails.</exception>
    public void Finish()
    {
        if (values.ReadByte() >= 0) throw new ArrayFaultException(DatasetFaultKind.TrailingBytes);
        finish();
    }

    public void Dispose() => values.Dispose();
}

/// <summary>How large an array's values are in a file.</summary>
/// <param name="Packed">Bytes in the file.</param>
/// <param name="Unpacked">Bytes that they unpack to as far as the file says so; null when it does not.</param>
internal readonly record struct PackedSize(long Packed, long? Unpacked);
