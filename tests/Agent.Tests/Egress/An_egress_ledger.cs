using System.Text;
using CsCheck;
using DeepSeek.Federated.Agent.Egress;
using DeepSeek.Federated.Agent.Store;
using Microsoft.Extensions.Time.Testing;

namespace DeepSeek.Federated.Agent.Tests.Egress;

public sealed class An_egress_ledger : IDisposable
{
    private static readonly Sendable What = new Sendable.LeavesWanted("poll");
    private readonly string _folder = Directory.CreateTempSubdirectory("egress-").FullName;
    private readonly FakeTimeProvider _clock = new(TestSite.Noon);

    private string File1 => Path.Combine(_folder, EgressLedger.FileName);

    private EgressLedger Open() => new(_folder, _clock);

    private EgressChain Follow(List<EgressEntry>? entries = null) => EgressLedger.Follow(_folder, e => entries?.Add(e));

    private void Write(int count)
    {
        using var ledger = Open();
        for (var i = 0; i < count; i++) ledger.Append(What, "POST https://x/", Body(i), keep: true);
    }

    private static byte[] Body(int number) => Encoding.ASCII.GetBytes($"body {number}".PadRight(EgressEntry.LongestInline + 1));

    [Fact]
    public void keeps_a_short_body_in_its_line_and_no_file_for_it()
    {
        using (var ledger = Open()) ledger.Append(What, "POST https://x/", "short"u8.ToArray(), keep: true);
        List<EgressEntry> entries = [];
        Assert.Null(Follow(entries).Fault);
        Assert.Equal("inline:c2hvcnQ=", entries.Single().Kept);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_folder, EgressLedger.Bodies)));
    }

    [Fact]
    public void chains_its_lines_over_restarts_and_keeps_the_bodies()
    {
        Write(2);
        Write(1);
        List<EgressEntry> entries = [];
        var chain = Follow(entries);
        Assert.Equal((3, null), (chain.Count, chain.Fault));
        Assert.Equal([0L, 1, 2], entries.Select(e => e.Index));
        Assert.Equal(Body(0), File.ReadAllBytes(Path.Combine(_folder, entries[2].Kept!)));
    }

    [Fact]
    public void shows_every_change_of_any_byte_before_its_last_line()
    {
        Write(4);
        var sound = File.ReadAllBytes(File1);
        var lastLine = Array.LastIndexOf(sound, (byte)'\n', sound.Length - 2) + 1;
        Gen.Select(Gen.Int[0, lastLine - 1], Gen.Byte[1, 255]).Sample((at, flip) =>
        {
            var changed = sound.ToArray();
            changed[at] ^= flip;
            var chain = EgressChain.Follow(new MemoryStream(changed), null);
            Assert.True(chain.Fault is not null || chain.Count < 4 && !chain.Torn.IsEmpty);
        });
    }

    [Fact]
    public void shows_a_line_that_was_removed_or_put_in()
    {
        Write(3);
        var lines = File.ReadAllLines(File1);
        Assert.NotNull(EgressChain.Follow(Bytes(lines[0], lines[2]), null).Fault);
        Assert.NotNull(EgressChain.Follow(Bytes(lines[0], lines[0], lines[1]), null).Fault);
        Assert.NotNull(EgressChain.Follow(Bytes(lines[0], "x", lines[1]), null).Fault);
    }

    [Fact]
    public void closes_a_line_that_a_crash_tore_anywhere()
    {
        Write(2);
        var sound = File.ReadAllBytes(File1);
        var firstEnd = Array.IndexOf(sound, (byte)'\n') + 1;
        for (var cut = firstEnd; cut <= sound.Length; cut++)
        {
            File.WriteAllBytes(File1, sound[..cut]);
            Write(1);
            List<EgressEntry> entries = [];
            var chain = Follow(entries);
            Assert.Null(chain.Fault);
            Assert.True(chain.Torn.IsEmpty);
            var whole = cut >= sound.Length - 1;
            Assert.Equal(whole || cut == firstEnd ? 0 : 1, entries.Count(e => e.Kind == EgressEntry.TornLine));
        }
    }

    [Fact]
    public void survives_a_second_crash_while_it_closes_a_torn_line()
    {
        Write(1);
        File.AppendAllText(File1, "{\"at\":\"half");
        var before = File.ReadAllBytes(File1);
        Write(1);
        var after = File.ReadAllBytes(File1);
        for (var cut = before.Length; cut < after.Length; cut += 7)
        {
            File.WriteAllBytes(File1, after[..cut]);
            Write(1);
            Assert.Null(Follow().Fault);
        }
    }

    [Fact]
    public void refuses_to_go_on_after_it_was_changed()
    {
        Write(3);
        File.WriteAllText(File1, File.ReadAllText(File1).Replace("\"index\":1", "\"index\":7", StringComparison.Ordinal));
        using var ledger = Open();
        Assert.Throws<SiteFaultException>(() => ledger.Append(What, "POST https://x/", default, keep: false));
    }

    [Fact]
    public void says_so_when_the_disk_is_full_and_is_whole_again_when_there_is_room()
    {
        var room = long.MaxValue;
        using var ledger = new EgressLedger(_folder, _clock, path => new FullDisk(path, () => room));
        ledger.Append(What, "POST https://x/", "one"u8.ToArray(), keep: false);
        room = 20;
        Assert.Throws<IOException>(() => ledger.Append(What, "POST https://x/", "two"u8.ToArray(), keep: false));
        room = long.MaxValue;
        ledger.Append(What, "POST https://x/", "three"u8.ToArray(), keep: false);
        ledger.Dispose();
        List<EgressEntry> entries = [];
        Assert.Null(Follow(entries).Fault);
        Assert.Equal(["poll", EgressEntry.TornLine, "poll"], entries.Select(e => e.Kind));
    }

    [Fact]
    public void is_one_chain_when_two_processes_write_to_it()
    {
        using var one = Open();
        using var two = Open();
        for (var i = 0; i < 5; i++)
        {
            one.Append(What, "POST https://x/", "1"u8.ToArray(), keep: false);
            two.Append(What, "POST https://x/", "2"u8.ToArray(), keep: false);
        }
        var chain = Follow();
        Assert.Equal((10, null), (chain.Count, chain.Fault));
    }

    private static MemoryStream Bytes(params string[] lines) => new(Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => l + "\n"))));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Writes what there is room for, and then says what a full disk says.</summary>
    private sealed class FullDisk(string path, Func<long> room) : MemoryStream
    {
        private readonly FileStream _file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        public override long Length => _file.Length;
        public override long Position { get => _file.Position; set => _file.Position = value; }
        public override int Read(byte[] buffer, int offset, int count) => _file.Read(buffer, offset, count);
        public override int Read(Span<byte> buffer) => _file.Read(buffer);
        public override void WriteByte(byte value) => Write([value]);
        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            _file.Write(buffer[..(int)Math.Min(buffer.Length, room())]);
            if (buffer.Length > room()) throw new IOException("No space left on device");
        }

        protected override void Dispose(bool disposing)
        {
            _file.Dispose();
            base.Dispose(disposing);
        }
    }
}
