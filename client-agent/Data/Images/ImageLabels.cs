using System.Globalization;
using DeepSeek.Federated.Data.Contract;
using DeepSeek.Federated.Domain.Datasets;

namespace DeepSeek.Federated.Data.Images;

/// <summary>Turns an array of whole numbers into a contract's labels.</summary>
internal sealed class ImageLabels(DatasetContract contract, ImageLimits limits, FaultCount faults)
{
    private readonly LevelIndex? _classes = contract.Label is LabelColumn.Classes classes ? new LevelIndex(classes.Levels) : null;

    /// <summary>Number of labels, by the heading alone.</summary>
    /// <exception cref="ArrayFaultException">Not an array of labels.</exception>
    public static long Count(PackedArray array)
    {
        if (array.Shape is not ([_] or [_, 1])) throw new ArrayFaultException(DatasetFaultKind.WrongArrayShape);
        return array.Type == ElementType.Float32 ? throw new ArrayFaultException(DatasetFaultKind.WrongArrayType) : array.Shape[0];
    }

    /// <summary>Reads all of them; one that is none of the classes is counted as a fault.</summary>
    /// <exception cref="ArrayFaultException">The array is not as its heading says.</exception>
    public int[] Read(PackedArray array, int count, DatasetPart part)
    {
        var size = array.Type.Size();
        array.Expect((long)count * size, limits);
        var labels = new int[count];
        Span<byte> element = stackalloc byte[sizeof(long)];
        var unknown = 0L;
        for (var i = 0; i < count; i++)
        {
            array.Read(element[..size]);
            if (!TryLabel(array.Type.Whole(element), out labels[i])) unknown++;
        }
        array.Finish();
        if (unknown > 0) faults.Add(contract.Label.Name, DatasetFaultKind.UnknownLevel, unknown, part);
        return labels;
    }

    private bool TryLabel(long value, out int label)
    {
        if (contract.Label is LabelColumn.Binary binary)
        {
            label = value > binary.PositiveAbove ? 1 : 0;
            return true;
        }
        Span<char> digits = stackalloc char[20];
        value.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
        return _classes!.TryFind(digits[..length], out label);
    }
}
