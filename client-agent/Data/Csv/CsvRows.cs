using System.Text.Unicode;
using CsvHelper;
using DeepSeek.Federated.Domain.Encoding;

namespace DeepSeek.Federated.Data.Csv;

/// <summary>The rows of one CSV file (RFC 4180, comma, UTF-8 with or without byte order mark, plain or gzip), one at a time.</summary>
internal sealed class CsvRows : IDisposable
{
    private const int Buffer = 64 * 1024;

    private readonly HashingStream _bytes;
    private readonly Stream _text;
    private readonly CsvReader _reader;
    private char[] _cell = new char[256];
    private bool _malformed;

    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The account may not read it.</exception>
    public CsvRows(string path, int longestRow)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, FileOptions.SequentialScan);
        var packed = WholeGzip.SizeIn(file);
        _bytes = new HashingStream(file);
        _text = packed is { } size ? new WholeGzip(_bytes, size) : _bytes;
        _reader = CsvReader.Create(_text, new CsvReaderOptions
        {
            Separator = ',',
            HasHeader = false, // read here as any other row, so that it meets the same checks
            BufferSize = Buffer,
            MaxRecordSize = longestRow,
            OnMalformedRecord = _ => _malformed = true,
        }, leaveOpen: true);
    }

    /// <summary>Goes to the next row that is not blank.</summary>
    /// <exception cref="CsvFormatException">The row passes the bound; everything else is recovered from.</exception>
    public bool Next()
    {
        _malformed = false;
        return _reader.Read();
    }

    /// <summary>Whether the row's quotes are broken.</summary>
    public bool Malformed => _malformed;

    /// <summary>Whether the row's bytes are UTF-8.</summary>
    public bool IsText => Utf8.IsValid(_reader.RawRecord);

    /// <summary>Cells of the row.</summary>
    public int Count => _reader.FieldCount;

    /// <summary>One cell without surrounding blanks; valid until the next is asked for.</summary>
    public ReadOnlySpan<char> Cell(int index)
    {
        var bytes = _reader.GetSpan(index);
        if (bytes.Length > _cell.Length) _cell = new char[bytes.Length];
        return _cell.AsSpan(0, System.Text.Encoding.UTF8.GetChars(bytes, _cell)).Trim();
    }

    /// <summary>Digest of the file's bytes, once <see cref="Next"/> said there are no more.</summary>
    public Digest Finish()
    {
        _bytes.CopyTo(Stream.Null);   // what stands after the end of what was compressed is part of the file
        return _bytes.Finish();
    }

    public void Dispose()
    {
        _reader.Dispose();
        if (_text != _bytes) _text.Dispose();
        _bytes.Dispose();
    }
}
