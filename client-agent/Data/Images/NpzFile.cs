using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using DeepSeek.Federated.Domain.Encoding;

namespace DeepSeek.Federated.Data.Images;

/// <summary>One NPZ file: a zip of NumPy arrays. Only the arrays asked for are unpacked. Not thread-safe.</summary>
internal sealed class NpzFile : IDisposable
{
    private const int EndRecord = 22;
    private const long LargestDirectory = 1024 * 1024;

    private readonly ZipArchive _zip;

    /// <exception cref="ArrayFaultException">It is no such file.</exception>
    /// <exception cref="IOException">It cannot be opened or read.</exception>
    /// <exception cref="InvalidDataException">Its directory is damaged.</exception>
    public NpzFile(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 64 * 1024, FileOptions.SequentialScan);
        try
        {
            CheckEnd(file);
            file.Position = 0;
            Source = new Digest(SHA256.HashData(file));
            file.Position = 0;
            _zip = new ZipArchive(file, ZipArchiveMode.Read);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Digest of the file's bytes.</summary>
    public Digest Source { get; }

    /// <summary>Opens one array and reads its heading.</summary>
    /// <exception cref="ArrayFaultException">There is none of this name, or it is not one of numbers.</exception>
    /// <exception cref="InvalidDataException">It cannot be unpacked.</exception>
    public PackedArray Open(string name)
    {
        var found = _zip.Entries.Where(e => e.FullName == $"{name}.npy").Take(2).ToList();
        if (found is not [var entry]) throw new ArrayFaultException(DatasetFaultKind.MissingArray);
        var values = new ChecksumStream(entry.Open());
        try
        {
            var heading = NpyHeading.Read(values);
            return new PackedArray(heading.Type, heading.Shape, new BufferedStream(values, 64 * 1024), new(entry.CompressedLength, entry.Length - heading.Length), () =>
            {
                if (values.Checksum != entry.Crc32) throw new ArrayFaultException(DatasetFaultKind.Damaged);
            });
        }
        catch
        {
            values.Dispose();
            throw;
        }
    }

    public void Dispose() => _zip.Dispose();

    /// <summary>The zip reader keeps the whole directory in memory, so its size is looked at first. NumPy writes no comment behind it.</summary>
    private static void CheckEnd(FileStream file)
    {
        if (file.Length < EndRecord) throw new ArrayFaultException(DatasetFaultKind.NotNpz);
        Span<byte> end = stackalloc byte[EndRecord];
        file.Position = file.Length - EndRecord;
        file.ReadExactly(end);
        var (disks, entries) = (BinaryPrimitives.ReadUInt32LittleEndian(end[4..]), BinaryPrimitives.ReadUInt16LittleEndian(end[10..]));
        var (directory, begins) = (BinaryPrimitives.ReadUInt32LittleEndian(end[12..]), BinaryPrimitives.ReadUInt32LittleEndian(end[16..]));
        var isEnd = end[..4].SequenceEqual("PK\u0005\u0006"u8) && disks == 0 && end[20..].SequenceEqual("\0\0"u8);
        // A number of all ones would send the zip reader to another record, with a directory of its own.
        var isSmall = entries < ushort.MaxValue && directory <= LargestDirectory && begins < uint.MaxValue;
        if (!isEnd || !isSmall || (long)begins + directory != file.Length - EndRecord) throw new ArrayFaultException(DatasetFaultKind.NotNpz);
    }
}
