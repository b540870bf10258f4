using System.Globalization;
using System.Security.Cryptography;
using CsCheck;
using DeepSeek.Federated.Data.Csv;
using DeepSeek.Federated.Data.Images;
using DeepSeek.Federated.Domain.Datasets;
using static DeepSeek.Federated.Data.DatasetFaultKind;
using static DeepSeek.Federated.Data.DatasetPart;
using static DeepSeek.Federated.Data.Tests.ImageFiles;

namespace DeepSeek.Federated.Data.Tests;

public sealed class An_idx_reading
{
    private static DatasetReading Read(byte[] images, byte[] labels, byte[]? testImages = null, byte[]? testLabels = null, DatasetContract? contract = null, ImageLimits? limits = null)
    {
        using var files = new DisposableFiles(images, labels, testImages ?? Pictures(1), testLabels ?? Labels(0));
        return files.Read(contract ?? Digits, limits ?? ImageLimits.Usual);
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public void takes_plain_and_packed_files_row_by_row(bool packed)
    {
        byte[] Form(byte[] content) => packed ? Gzip(content) : content;
        var (images, labels) = (Form(Pictures(2)), Form(Labels(2, 0)));
        var ready = Ready(Read(images, labels, Form(Pictures(1)), Form(Idx(8, [1, 1], 1))));
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], ready.Examples.Train.Features);
        Assert.Equal([2, 0], ready.Examples.Train.Labels);
        Assert.Equal([0, 1, 2, 3, 4, 5], ready.Examples.Test.Features);
        Assert.Equal([1], ready.Examples.Test.Labels);
        byte[] digests = [.. new[] { images, labels, Form(Pictures(1)), Form(Idx(8, [1, 1], 1)) }.SelectMany(SHA256.HashData)];
        Assert.Equal(new DatasetSummary(2, 1, 0, null, Domain.Encoding.Digest.Of(digests), new ImageSize(1, 2, 3)), ready.Summary);
    }

    [Fact]
    public void lays_the_channels_of_colour_images_outermost() =>
        Assert.Equal([0, 3, 1, 4, 2, 5], Ready(Read(Idx(8, [1, 1, 2, 3], 0, 1, 2, 3, 4, 5), Labels(1), Idx(8, [0, 1, 2, 3]), Labels())).Examples.Train.Features);

    [Fact]
    public void takes_a_label_above_the_bound_as_positive_where_the_study_has_two()
    {
        var ready = Ready(Read(Pictures(3), Labels(0, 4, 1), contract: Digits with { Label = new LabelColumn.Binary("ill", 1, MissingRule.Refuse) }));
        Assert.Equal([0, 1, 0], ready.Examples.Train.Labels);
        Assert.Equal(1.0 / 3, ready.Summary.PositiveShare);
    }

    public static TheoryData<Normalisation> Rules => [new Normalisation.None(), new Normalisation.OwnRows(), new Normalisation.Fixed(33.3, 78.6)];

    [Theory, MemberData(nameof(Rules))]
    public void gives_what_the_same_numbers_give_as_a_table(Normalisation rule)
    {
        var contract = Of(4, rule);
        Gen.Select(Gen.Byte.Array[4].Array[1, 20], Gen.Byte.Array[4].Array[0, 5]).Sample((train, test) =>
        {
            byte[] Pack(byte[][] rows) => Idx(8, [rows.Length, 2, 2], [.. rows.SelectMany(r => r)]);
            static byte[] Answers(byte[][] rows) => Labels([.. rows.Select(r => (byte)(r[0] % 3))]);
            var images = Ready(Read(Pack(train), Answers(train), Pack(test), Answers(test), contract));
            string Lines(byte[][] rows, string set) => string.Concat(rows.Select(r => string.Create(CultureInfo.InvariantCulture, $"{r[0]},{r[1]},{r[2]},{r[3]},{r[0] % 3},{set}\n")));
            using var table = new TemporaryFile("pixel0,pixel1,pixel2,pixel3,digit,set\n" + Lines(train, "train") + Lines(test, "test"));
            var rows = Ready(new CsvConnector(table.Path).Read(contract, CancellationToken.None).GetAwaiter().GetResult());
            foreach (var (a, b) in new[] { (rows.Examples.Train, images.Examples.Train), (rows.Examples.Test, images.Examples.Test) })
            {
                Assert.Equal(a.Features, b.Features);
                Assert.Equal(a.Labels, b.Labels);
            }
        }, iter: 100);
    }

    [Fact]
    public void refuses_a_contract_that_images_cannot_fulfil() => Assert.Equal(
        [(null, SplitByFiles, 0, Whole), ("kind", NotAPixel, 0, Whole)],
        Faults(Read(Pictures(1), Labels(0), contract: Digits with { Split = new SplitRule.Every(0.2), Columns = [.. Digits.Columns[..5], new FeatureColumn.Category("kind", ["1", "2"], false, MissingRule.Refuse)] })));

    [Fact]
    public void refuses_files_that_are_not_of_unsigned_bytes()
    {
        foreach (var wrong in new[] { [], [0, 0, 8], Idx(13, [1, 2, 3], new byte[24]), [0, 0, 8, 0], [0, 0, 8, 5, .. new byte[20]], [1, 0, 8, 3, .. new byte[12]], "pixel0,pixel1\n"u8.ToArray(), [0, 0, 8, 3, 0, 0], Gzip([]), [0x1f, 0x8b] })
        {
            Assert.Contains(Faults(Read(wrong, Labels(0))), f => f is (null, NotIdx or Damaged, 0, TrainImages));
            Assert.Contains(Faults(Read(Pictures(1), Labels(0), Pictures(1), wrong)), f => f is (null, NotIdx or Damaged, 0, TestLabels));
        }
    }

    [Fact]
    public void refuses_other_dimensions_than_images_and_labels_have()
    {
        Assert.Equal([(null, WrongArrayShape, 0, TrainImages)], Faults(Read(Labels(1, 2), Labels(0, 0))));
        Assert.Equal([(null, WrongArrayShape, 0, TrainImages)], Faults(Read(Idx(8, [1, 1, 1, 6], Counting(6)), Labels(0))));
        Assert.Equal([(null, WrongArrayShape, 0, TrainLabels)], Faults(Read(Pictures(1), Pictures(1))));
        Assert.Equal([(null, WrongArrayShape, 0, TestLabels)], Faults(Read(Pictures(1), Labels(0), testLabels: Idx(8, [1, 2], 0, 0))));
        Assert.Equal([(null, WrongImageSize, 0, TrainImages)], Faults(Read(Pictures(1, 3, 3), Labels(0))));
        Assert.Equal([(null, WrongImageSize, 0, TestImages)], Faults(Read(Pictures(1), Labels(0), Pictures(1, 3, 2))));
        Assert.Equal([(null, CountsDiffer, 0, TrainLabels), (null, CountsDiffer, 0, TestLabels)], Faults(Read(Pictures(2), Labels(0), Pictures(1), Labels())));
        Assert.Equal([(null, TooFewRows, 2, Whole)], Faults(Read(Pictures(2), Labels(0, 1), contract: Digits with { MinimumRows = 3 })));
        Assert.Equal([(null, TooFewRows, 0, Whole)], Faults(Read(Pictures(0), Labels())));
    }

    [Fact]
    public void takes_no_memory_for_sizes_that_only_a_heading_says()
    {
        var before = GC.GetTotalAllocatedBytes();
        Assert.Equal([(null, Truncated, 0, TrainLabels)], Faults(Read(Idx(8, [50_000_000, 2, 3]), Idx(8, [50_000_000]))));
        Assert.Equal([(null, WrongImageSize, 0, TrainImages)], Faults(Read(Idx(8, [-1, -1, -1]), Labels(0))));
        Assert.Equal([(null, WrongImageSize, 0, TrainImages)], Faults(Read(Idx(8, [1, 1 << 30, 1 << 30, 4]), Labels(0))));
        Assert.Equal([(null, CountsDiffer, 0, TrainLabels)], Faults(Read(Idx(8, [-1, 2, 3]), Labels(0))));
        Assert.Equal([(null, FileTooLarge, 50_000_000, TrainImages)], Faults(Read(Idx(8, [-1, 2, 3]), Idx(8, [-1]))));
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 150_000_000);   // of 200 MB of labels and 1.2 GB of pixels; other tests run beside this one
        Assert.Equal([(null, FileTooLarge, 3, TrainImages)], Faults(Read(Pictures(4), Labels(0, 0, 0, 0), limits: new(3, 1000, 100, 1000))));
        Assert.Equal([(null, FileTooLarge, 2, TrainImages)], Faults(Read(Pictures(4), Labels(0, 0, 0, 0), limits: new(100, 17, 100, 1000))));
    }

    [Fact]
    public void refuses_what_is_cut_or_goes_on()
    {
        foreach (var form in new Func<byte[], byte[]>[] { b => b, Gzip })
        {
            Assert.Equal([(null, Truncated, 0, TrainImages)], Faults(Read(form(Pictures(2)[..^1]), Labels(0, 1))));
            Assert.Equal([(null, TrailingBytes, 0, TrainImages)], Faults(Read(form([.. Pictures(2), 0]), Labels(0, 1))));
            Assert.Equal([(null, Truncated, 0, TrainLabels)], Faults(Read(Pictures(2), form(Labels(0, 1)[..^1]))));
            Assert.Equal([(null, TrailingBytes, 0, TestLabels)], Faults(Read(Pictures(2), Labels(0, 1), testLabels: form([.. Labels(0), 0]))));
        }
        var packed = Gzip(Pictures(2));
        Assert.Contains(Faults(Read(packed[..^9], Labels(0, 1))), f => f is (null, Truncated or Damaged, 0, TrainImages));
        Assert.Contains(Faults(Read([.. packed[..^8], 1, .. packed[^7..]], Labels(0, 1))), f => f is (null, Truncated or Damaged, 0, TrainImages));
        Assert.Equal([(null, Damaged, 0, TrainImages)], Faults(Read([.. packed, 1, 2, 3, 4, 5], Labels(0, 1))));
    }

    [Fact]
    public void refuses_a_file_that_unpacks_out_of_all_proportion()
    {
        var (bomb, labels) = (Gzip(Idx(8, [100_000, 2, 3], new byte[600_000])), Gzip(Idx(8, [100_000], new byte[100_000])));
        Assert.Equal([(null, UnpacksTooLarge, 0, TrainImages)], Faults(Read(bomb, labels, limits: new(1_000_000, 10_000_000, 100, 200_000))));
        Ready(Read(bomb, labels));
    }

    [Fact]
    public void counts_values_and_labels_that_the_contract_does_not_allow()
    {
        Assert.Equal([("digit", UnknownLevel, 2, TrainLabels)], Faults(Read(Pictures(3), Labels(0, 9, 255))));
        Assert.Equal(
            [("pixel4", OutOfRange, 1, TrainImages), ("pixel5", OutOfRange, 2, TrainImages), ("pixel5", OutOfRange, 1, TestImages)],
            Faults(Read(Idx(8, [2, 2, 3], 0, 0, 0, 0, 4, 5, 0, 0, 0, 0, 3, 6), Labels(0, 1), contract: Of(6, new Normalisation.None(), most: 3), testImages: Idx(8, [1, 2, 3], 0, 0, 0, 0, 0, 4))));
    }

    [Fact]
    public async Task says_which_file_is_not_there()
    {
        var absent = Path.Combine(Path.GetTempPath(), "no-such-folder-of-ours", "x");
        var reading = await new IdxConnector(new(absent, Path.GetTempPath()), new(absent, absent)).Read(Digits, CancellationToken.None);
        Assert.Equal([(null, FileMissing, 0, TrainImages), (null, FileUnreadable, 0, TrainLabels), (null, FileMissing, 0, TestImages), (null, FileMissing, 0, TestLabels)], Faults(reading));
        Assert.StartsWith("Training labels: the file cannot be read.", ((DatasetReading.Refused)reading).Faults[1].Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void survives_any_change_of_a_files_bytes()
    {
        var (ready, refused) = (0, 0);
        Gen.Select(Gen.Bool, Gen.Select(Gen.Int[0, 60], Gen.Byte).Array[0, 3], Gen.Int[0, 4]).Sample((packed, changes, cut) =>
        {
            var images = packed ? Gzip(Pictures(2)) : Pictures(2);
            foreach (var (at, value) in changes) images[at % images.Length] = value;
            if (Read(images[..^cut], Labels(0, 1), limits: new(1000, 100_000, 100, 1000)) is DatasetReading.Ready) Interlocked.Increment(ref ready);
            else Interlocked.Increment(ref refused);
        }, iter: 1000);
        Assert.True(ready > 0 && refused > 0, "the generator must reach both outcomes");
    }

    [Fact]
    public async Task ends_when_it_is_cancelled() => await Assert.ThrowsAnyAsync<OperationCanceledException>(
        () => new IdxConnector(new("a", "b"), new("c", "d")).Read(Digits, new CancellationToken(canceled: true)));

    private sealed class DisposableFiles(params byte[][] contents) : IDisposable
    {
        private readonly TemporaryFile[] _files = [.. contents.Select(c => new TemporaryFile(c))];

        public DatasetReading Read(DatasetContract contract, ImageLimits limits) =>
            new IdxConnector(new(_files[0].Path, _files[1].Path), new(_files[2].Path, _files[3].Path), limits).Read(contract, CancellationToken.None).GetAwaiter().GetResult();

        public void Dispose()
        {
            foreach (var file in _files) file.Dispose();
        }
    }
}
