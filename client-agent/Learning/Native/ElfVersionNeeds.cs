using System.Buffers.Binary;
using System.Text;

namespace DeepSeek.Federated.Learning.Native;

/// <summary>The symbol versions that a 64-bit little-endian ELF file needs of other libraries (section .gnu.version_r).</summary>
/// <remarks>Linux Standard Base Core 5.0, Generic Part, section 10.7.5. Every offset is checked against the file before it is followed.</remarks>
internal static class ElfVersionNeeds
{
    private const int FileHeader = 64, SectionHeader = 64, NeedEntry = 16, AuxiliaryEntry = 16, FlagsAt = 4;
    private const uint NeedSection = 0x6ffffffe;
    private const ushort Weak = 2;
    private static ReadOnlySpan<byte> Magic => [0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1]; // 64 bits, little-endian, version 1

    /// <summary>Marks the need of <paramref name="version"/> of <paramref name="library"/> as weak: the loader then does without it.</summary>
    /// <exception cref="InvalidDataException">Not such a file, an offset leads out of it, or the need is not there exactly once.</exception>
    public static void Weaken(Span<byte> elf, string library, string version)
    {
        if (elf.Length < FileHeader || !elf.StartsWith(Magic)) throw new InvalidDataException("This is not a 64-bit little-endian ELF file.");
        var sections = ReadSections(elf);
        var flagsAt = -1L;
        foreach (var section in sections.Where(s => s.Type == NeedSection))
        {
            if (section.Link >= sections.Count) throw OutOfBounds("string table");
            foreach (var found in Find(elf, section, sections[(int)section.Link], library, version))
                flagsAt = flagsAt < 0 ? found : throw new InvalidDataException($"The file needs {version} of {library} more than once.");
        }
        if (flagsAt < 0) throw new InvalidDataException($"The file does not need {version} of {library}.");
        var flags = elf[(int)flagsAt..];
        BinaryPrimitives.WriteUInt16LittleEndian(flags, (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(flags) | Weak));
    }

    private static List<Section> ReadSections(ReadOnlySpan<byte> elf)
    {
        var table = BinaryPrimitives.ReadUInt64LittleEndian(elf[40..]);
        if (BinaryPrimitives.ReadUInt16LittleEndian(elf[58..]) != SectionHeader) throw OutOfBounds("section table");
        var sections = new List<Section>();
        for (var i = 0u; i < BinaryPrimitives.ReadUInt16LittleEndian(elf[60..]); i++)
        {
            var header = Slice(elf, table, i * SectionHeader, SectionHeader);
            sections.Add(new(
                Type: BinaryPrimitives.ReadUInt32LittleEndian(header[4..]), Offset: BinaryPrimitives.ReadUInt64LittleEndian(header[24..]),
                Size: BinaryPrimitives.ReadUInt64LittleEndian(header[32..]), Link: BinaryPrimitives.ReadUInt32LittleEndian(header[40..]),
                Count: BinaryPrimitives.ReadUInt32LittleEndian(header[44..])));
        }
        return sections;
    }

    private static List<long> Find(ReadOnlySpan<byte> elf, Section needs, Section strings, string library, string version)
    {
        var found = new List<long>();
        var section = Slice(elf, needs.Offset, 0, needs.Size);
        var texts = Slice(elf, strings.Offset, 0, strings.Size);
        var (at, left) = (0UL, section.Length / NeedEntry); // no file can hold more entries: the two loops end
        for (var i = 0u; i < needs.Count; i++)
        {
            var need = Slice(section, at, 0, NeedEntry);
            var isLibrary = Text(texts, BinaryPrimitives.ReadUInt32LittleEndian(need[4..])) == library;
            var entryAt = at + BinaryPrimitives.ReadUInt32LittleEndian(need[8..]);
            for (var entries = BinaryPrimitives.ReadUInt16LittleEndian(need[2..]); entries > 0; entries--)
            {
                if (left-- <= 0) throw OutOfBounds("version needs");
                var entry = Slice(section, entryAt, 0, AuxiliaryEntry);
                if (isLibrary && Text(texts, BinaryPrimitives.ReadUInt32LittleEndian(entry[8..])) == version)
                    found.Add((long)(needs.Offset + entryAt) + FlagsAt);
                entryAt += BinaryPrimitives.ReadUInt32LittleEndian(entry[12..]);
            }
            if (left-- <= 0) throw OutOfBounds("version needs");
            at += BinaryPrimitives.ReadUInt32LittleEndian(need[12..]);
        }
        return found;
    }

    private static string Text(ReadOnlySpan<byte> texts, ulong at)
    {
        var rest = Slice(texts, at, 0, (ulong)texts.Length - Math.Min(at, (ulong)texts.Length));
        var end = rest.IndexOf((byte)0);
        return end >= 0 ? Encoding.ASCII.GetString(rest[..end]) : throw OutOfBounds("string");
    }

    private static ReadOnlySpan<byte> Slice(ReadOnlySpan<byte> bytes, ulong start, ulong offset, ulong length)
    {
        var size = (ulong)bytes.Length;
        if (start > size || offset > size - start || length > size - start - offset) throw OutOfBounds("table");
        return bytes.Slice((int)(start + offset), (int)length);
    }

    private static InvalidDataException OutOfBounds(string what) => new($"A {what} of the ELF file lies outside it.");

    private readonly record struct Section(uint Type, ulong Offset, ulong Size, uint Link, uint Count);
}
