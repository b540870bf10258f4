using System.Buffers.Binary;

namespace DeepSeek.Federated.Data.Images;

/// <summary>Types of an array's elements, little-endian.</summary>
internal enum ElementType
{
    UInt8,
    Int8,
    UInt16,
    Int16,
    UInt32,
    Int32,
    UInt64,
    Int64,
    Float32,
}

/// <summary>How elements lie in bytes.</summary>
internal static class ElementTypes
{
    /// <summary>The type that NumPy names so; null for all others.</summary>
    public static ElementType? OfNumPy(string name) => name switch
    {
        "|u1" => ElementType.UInt8,
        "|i1" => ElementType.Int8,
        "<u2" => ElementType.UInt16,
        "<i2" => ElementType.Int16,
        "<u4" => ElementType.UInt32,
        "<i4" => ElementType.Int32,
        "<u8" => ElementType.UInt64,
        "<i8" => ElementType.Int64,
        "<f4" => ElementType.Float32,
        _     => null,
    };

    public static int Size(this ElementType type) => type switch
    {
        ElementType.UInt8 or ElementType.Int8                          => 1,
        ElementType.UInt16 or ElementType.Int16                        => 2,
        ElementType.UInt32 or ElementType.Int32 or ElementType.Float32 => 4,
        ElementType.UInt64 or ElementType.Int64                        => 8,
    };

    /// <summary>Whether every value is one of single precision too: what images may be made of.</summary>
    public static bool IsPixel(this ElementType type) => type is ElementType.UInt8 or ElementType.UInt16 or ElementType.Float32;

    /// <summary>A pixel's value, exactly.</summary>
    public static float Pixel(this ElementType type, ReadOnlySpan<byte> from) => type switch
    {
        ElementType.UInt8  => from[0],
        ElementType.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(from),
        _                  => BinaryPrimitives.ReadSingleLittleEndian(from),
    };

    /// <summary>A label's value; a class beyond 64 bits with sign is one that no contract lists.</summary>
    public static long Whole(this ElementType type, ReadOnlySpan<byte> from) => type switch
    {
        ElementType.UInt8  => from[0],
        ElementType.Int8   => (sbyte)from[0],
        ElementType.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(from),
        ElementType.Int16  => BinaryPrimitives.ReadInt16LittleEndian(from),
        ElementType.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(from),
        ElementType.Int32  => BinaryPrimitives.ReadInt32LittleEndian(from),
        ElementType.UInt64 => (long)Math.Min(long.MaxValue, BinaryPrimitives.ReadUInt64LittleEndian(from)),
        _                  => BinaryPrimitives.ReadInt64LittleEndian(from),
    };
}
