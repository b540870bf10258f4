using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Models;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Parameters.Updates;
using DeepSeek.Federated.Parameters.Versions;

namespace DeepSeek.Federated.Parameters.Tests;

internal static class Sample
{
    internal static readonly ImmutableSortedDictionary<string, TensorRole> AllShared = ImmutableSortedDictionary<string, TensorRole>.Empty;

    internal static ModelSpec Logistic(int inputs = 3, int outputs = 1, int gridBits = 20) =>
        new(new Architecture.Logistic(inputs, outputs), new InitialWeights.Seeded(42), gridBits, AllShared);

    internal static ModelSpec Mlp => new(new Architecture.Mlp(4, [8, 5], 2), new InitialWeights.Seeded(7), 20, AllShared);

    internal static ModelSpec Cnn => new(new Architecture.Cnn(1, 28, 28, [16, 32], 64, 10), new InitialWeights.Seeded(-1), 16, AllShared);

    internal static ModelSpec LeNet => new(new Architecture.LeNet(1, 28, 28, 10), new InitialWeights.Seeded(3), 20, AllShared);

    internal static VersionContent Version(ModelSpec spec, params int[] values) => new(spec, [.. values]);

    internal static UpdatePlan Plan(int bits, double range = 1, int cap = 100) => new(bits, range, cap);

    internal static UpdateRing Ring(int bits, int participants, long values, params string[] counts) =>
        new(bits, participants, new UpdateLayout(values, [.. counts]));

    internal static byte[] Bytes(Action<Stream> write)
    {
        using var stream = new MemoryStream();
        write(stream);
        return stream.ToArray();
    }

    /// <summary>Digits that are known beforehand.</summary>
    internal sealed class Digits(params ulong[] all) : IDigitSource
    {
        private int _at;

        public void Next(Span<ulong> digits)
        {
            all.AsSpan(_at, digits.Length).CopyTo(digits);
            _at += digits.Length;
        }
    }

    /// <summary>A stream that gives at most a few bytes a read and cannot seek, as a network's does.</summary>
    internal sealed class Trickle(byte[] bytes, int most = 7) : Stream
    {
        private int _at;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override int Read(byte[] buffer, int offset, int count)
        {
            var given = Math.Min(Math.Min(most, count), bytes.Length - _at);
            bytes.AsSpan(_at, given).CopyTo(buffer.AsSpan(offset));
            _at += given;
            return given;
        }

        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
