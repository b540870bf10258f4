using System.Buffers;
using System.IO.Compression;

namespace DeepSeek.Federated.Parameters.Versions;

/// <summary>Reads exactly the stated number of bytes out of a Brotli stream, and knows when the stream holds more, less or anything behind its end.</summary>
/// <remarks>Not <see cref="BrotliStream"/>: that one reads ahead and does not say what follows the compressed data.</remarks>
internal sealed class BrotliBody(Stream stream, long length)
{
    private readonly byte[] _packed = new byte[32 * 1024];
    private readonly byte[] _plain = new byte[64 * 1024];
    private BrotliDecoder _decoder;
    private Range _packedLeft = 0..0;
    private long _left = length;
    private int _read, _filled;
    private bool _done;

    internal ulong NextVarint()
    {
        var value = 0UL;
        for (var group = 0; group < Varint.Longest; group++)
        {
            var next = NextByte();
            value |= (ulong)(next & 0x7f) << (7 * group);
            if (next < 0x80) return next == 0 && group > 0 ? throw new InvalidDataException("The version delta spells a number too long.") : value;
        }
        throw new InvalidDataException("The version delta holds a number of more than 5 bytes.");
    }

    internal void ExpectEnd()
    {
        var whole = _left == 0 && _read == _filled;
        if (whole && !_done) whole = Fill() == 0 && _done;
        if (!whole || _packedLeft.End.Value > _packedLeft.Start.Value) throw new InvalidDataException("The version delta holds more than it states.");
        stream.ExpectEnd("version delta");
    }

    private byte NextByte()
    {
        if (_read == _filled && Fill() == 0) throw new InvalidDataException("The version delta is cut short: fetch it again.");
        if (_left-- == 0) throw new InvalidDataException("The version delta holds more than it states.");
        return _plain[_read++];
    }

    private int Fill()
    {
        (_read, _filled) = (0, 0);
        while (!_done && _filled == 0)
        {
            var status = _decoder.Decompress(_packed.AsSpan(_packedLeft), _plain, out var consumed, out _filled);
            _packedLeft = (_packedLeft.Start.Value + consumed).._packedLeft.End;
            switch (status)
            {
                case OperationStatus.Done: _done = true; break;
                case OperationStatus.DestinationTooSmall: break;
                case OperationStatus.NeedMoreData when _filled == 0:
                    var read = stream.Read(_packed);
                    if (read == 0) throw new InvalidDataException("The version delta is cut short: fetch it again.");
                    _packedLeft = 0..read;
                    break;
                case OperationStatus.NeedMoreData: break;
                case OperationStatus.InvalidData: throw new InvalidDataException("The version delta's compression is damaged: fetch it again.");
            }
        }
        if (_done) _decoder.Dispose();
        return _filled;
    }
}
