using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using DeepSeek.Federated.Domain.Datasets;

namespace DeepSeek.Federated.Data.Tests;

/// <summary>Image files written byte by byte, right or wrong, and the contract that they are for.</summary>
internal static class ImageFiles
{
    /// <summary>Images of 2×3 pixels, three classes, taken as they are.</summary>
    public static DatasetContract Digits { get; } = Of(6, new Normalisation.None());

    public static DatasetContract Of(int pixels, Normalisation normalise, double most = 255) => new(
        "digits", [.. Enumerable.Range(0, pixels).Select(i => new FeatureColumn.Number($"pixel{i}", 0, most, normalise, MissingRule.Refuse))],
        new LabelColumn.Classes("digit", ["0", "1", "2"], MissingRule.Refuse), new SplitRule.ByColumn("set", "train", "test"), 1);

    public static byte[] Idx(byte type, int[] sizes, params byte[] values)
    {
        var heading = new byte[4 + 4 * sizes.Length];
        (heading[2], heading[3]) = (type, (byte)sizes.Length);
        for (var i = 0; i < sizes.Length; i++) BinaryPrimitives.WriteInt32BigEndian(heading.AsSpan(4 + 4 * i), sizes[i]);
        return [.. heading, .. values];
    }

    public static byte[] Pictures(int count, int height = 2, int width = 3) => Idx(8, [count, height, width], Counting(count * height * width));

    public static byte[] Labels(params byte[] labels) => Idx(8, [labels.Length], labels);

    public static byte[] Counting(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)i)];

    public static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize)) gzip.Write(content);
        return packed.ToArray();
    }

    public static byte[] Npy(string type, string shape, byte[] values, string order = "False", string? heading = null)
    {
        heading ??= $"{{'descr': '{type}', 'fortran_order': {order}, 'shape': ({shape}), }}";
        heading = heading.PadRight((heading.Length + 74) / 64 * 64 + 53) + "\n";
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)heading.Length, (byte)(heading.Length >> 8), .. Encoding.Latin1.GetBytes(heading), .. values];
    }

    public static byte[] Zip(params (string Name, byte[] Content)[] entries) => Zip(CompressionLevel.SmallestSize, entries);

    public static byte[] Zip(CompressionLevel level, params (string Name, byte[] Content)[] entries)
    {
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, content) in entries)
            {
                using var entry = zip.CreateEntry(name, level).Open();
                entry.Write(content);
            }
        return packed.ToArray();
    }

    public static (string?, DatasetFaultKind, long, DatasetPart)[] Faults(DatasetReading reading) =>
        [.. Assert.IsType<DatasetReading.Refused>(reading).Faults.Select(f => (f.Column, f.Kind, f.Rows, f.Part))];

    public static DatasetReading.Ready Ready(DatasetReading reading) => reading is DatasetReading.Refused refused
        ? throw new InvalidOperationException(string.Join(" / ", refused.Faults.Select(f => f.Sentence)))
        : (DatasetReading.Ready)reading;
}
