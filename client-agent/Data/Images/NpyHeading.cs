using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace DeepSeek.Federated.Data.Images;

/// <summary>The heading of a NumPy array file: a Python dictionary of three known keys, which is matched and never evaluated.</summary>
/// <param name="Type">Type of the elements.</param>
/// <param name="Shape">Sizes, outermost first; what 63 bits do not hold stands as their largest number.</param>
/// <param name="Length">Bytes of the heading.</param>
/// <remarks>numpy.lib.format, versions 1 to 3.</remarks>
internal sealed partial record NpyHeading(ElementType Type, ImmutableArray<long> Shape, int Length)
{
    private const int Longest = 10_000;   // as NumPy's own reader

    /// <exception cref="ArrayFaultException">Not the heading of an array of numbers in rows.</exception>
    public static NpyHeading Read(Stream from)
    {
        Span<byte> start = stackalloc byte[8];
        Fill(from, start);
        if (start[0] != 0x93 || !start[1..6].SequenceEqual("NUMPY"u8) || start[6] is < 1 or > 3) throw new ArrayFaultException(DatasetFaultKind.NotNpz);
        Span<byte> size = stackalloc byte[start[6] == 1 ? 2 : 4];
        Fill(from, size);
        var length = size.Length == 2 ? BinaryPrimitives.ReadUInt16LittleEndian(size) : BinaryPrimitives.ReadUInt32LittleEndian(size);
        if (length > Longest) throw new ArrayFaultException(DatasetFaultKind.NotNpz);
        var text = new byte[length];
        Fill(from, text);
        return Parse(Encoding.Latin1.GetString(text), start.Length + size.Length + text.Length);
    }

    private static NpyHeading Parse(string text, int length)
    {
        if (text.Contains('[')) throw new ArrayFaultException(DatasetFaultKind.WrongArrayType);   // fields of several types
        var match = Form().Match(text);
        if (!match.Success || Keys.Any(key => match.Groups[key].Captures.Count != 1)) throw new ArrayFaultException(DatasetFaultKind.NotNpz);
        var type = match.Groups["descr"].Value;
        if (type.Contains('O')) throw new ArrayFaultException(DatasetFaultKind.PickledArray);
        if (match.Groups["order"].Value == "True") throw new ArrayFaultException(DatasetFaultKind.FortranOrder);
        return new(
            ElementTypes.OfNumPy(type) ?? throw new ArrayFaultException(DatasetFaultKind.WrongArrayType),
            [.. match.Groups["shape"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Size)], length);
    }

    private static long Size(string digits) => !digits.All(char.IsAsciiDigit) ? throw new ArrayFaultException(DatasetFaultKind.NotNpz)
        : long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : long.MaxValue;

    private static readonly string[] Keys = ["descr", "order", "shape"];

    [GeneratedRegex(@"^\{(?:\s*(?:'descr'\s*:\s*'(?<descr>[^']*)'|'fortran_order'\s*:\s*(?<order>True|False)|'shape'\s*:\s*\((?<shape>[0-9,\s]*)\))\s*(?:,|(?=\})))*\s*\}\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Form();

    private static void Fill(Stream from, Span<byte> heading)
    {
        if (from.ReadAtLeast(heading, heading.Length, throwOnEndOfStream: false) < heading.Length) throw new ArrayFaultException(DatasetFaultKind.Truncated);
    }
}
