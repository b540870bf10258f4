using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using DeepSeek.Federated.Data.Images;
using DeepSeek.Federated.Domain.Datasets;
using static DeepSeek.Federated.Data.DatasetFaultKind;
using static DeepSeek.Federated.Data.DatasetPart;
using static DeepSeek.Federated.Data.Tests.ImageFiles;

namespace DeepSeek.Federated.Data.Tests;

public sealed class An_npz_reading
{
    private static readonly byte[] TwoImages = Npy("|u1", "2, 2, 3", Counting(12)), TwoLabels = Npy("|u1", "2, 1", [2, 0]);
    private static readonly byte[] OneImage = Npy("|u1", "1, 2, 3", Counting(6)), OneLabel = Npy("<i8", "1,", [1, 0, 0, 0, 0, 0, 0, 0]);

    private static byte[] Archive(byte[]? images = null, byte[]? labels = null, CompressionLevel level = CompressionLevel.SmallestSize, params (string, byte[])[] others) => Zip(
        level,
        [("train_images.npy", images ?? TwoImages), ("train_labels.npy", labels ?? TwoLabels), ("test_images.npy", OneImage), ("test_labels.npy", OneLabel), .. others]);

    private static DatasetReading Read(byte[] archive, DatasetContract? contract = null, NpzArrays? arrays = null, ImageLimits? limits = null)
    {
        using var file = new TemporaryFile(archive);
        return new NpzConnector(file.Path, arrays ?? NpzArrays.Usual, limits ?? ImageLimits.Usual).Read(contract ?? Digits, CancellationToken.None).GetAwaiter().GetResult();
    }

    private static void Refused(DatasetFaultKind kind, DatasetPart part, byte[] archive) => Assert.Equal([(null, kind, 0, part)], Faults(Read(archive)));

    [Theory]
    [InlineData(CompressionLevel.SmallestSize), InlineData(CompressionLevel.NoCompression)]
    public void takes_the_arrays_of_MedMNISTs_names(CompressionLevel level)
    {
        var archive = Archive(level: level, others: ("val_images.npy", [1, 2, 3]));
        var ready = Ready(Read(archive));
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], ready.Examples.Train.Features);
        Assert.Equal([2, 0], ready.Examples.Train.Labels);
        Assert.Equal([1], ready.Examples.Test.Labels);
        Assert.Equal(new DatasetSummary(2, 1, 0, null, new(SHA256.HashData(archive)), new ImageSize(1, 2, 3)), ready.Summary);
    }

    [Fact]
    public void takes_other_names_that_the_site_gives()
    {
        var archive = Zip(("x.npy", TwoImages), ("y.npy", TwoLabels), ("held_out/x.npy", OneImage), ("held_out/y.npy", OneLabel));
        Assert.Equal(2, Ready(Read(archive, arrays: new("x", "y", "held_out/x", "held_out/y"))).Examples.Train.Count);
        Assert.Equal([(null, MissingArray, 0, TrainImages), (null, MissingArray, 0, TestLabels)], Faults(Read(archive, arrays: new("X", "y", "held_out/x", "y.npy"))));
        Assert.Contains((null, MissingArray, 0, TrainImages), Faults(Read(Zip(("train_images.npy", TwoImages), ("train_images.npy", TwoImages)))));
    }

    [Fact]
    public void lays_the_channels_of_colour_images_outermost() =>
        Assert.Equal([0, 3, 1, 4, 2, 5], Ready(Read(Zip(
            ("train_images.npy", Npy("|u1", "1, 1, 2, 3", Counting(6))), ("train_labels.npy", Npy("|i1", "1", [1])),
            ("test_images.npy", Npy("|u1", "0, 1, 2, 3", [])), ("test_labels.npy", Npy("<i4", "0,", []))))).Examples.Train.Features);

    [Fact]
    public void takes_every_type_that_single_precision_holds()
    {
        Assert.Equal([0, 256, 1, 0, 0, 65535], Ready(Read(OneTrained(Npy("<u2", "1, 2, 3", [0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 255, 255])), Of(6, new Normalisation.None(), most: 65535))).Examples.Train.Features);
        byte[] floats = [.. new[] { 0.5f, 1, 0, 0, 0, 0.25f }.SelectMany(BitConverter.GetBytes)];
        Assert.Equal([0.5f, 1, 0, 0, 0, 0.25f], Ready(Read(OneTrained(Npy("<f4", "1, 2, 3", floats)))).Examples.Train.Features);
    }

    private static byte[] OneTrained(byte[] image) => Archive(image, Npy("|u1", "1", [1]));

    [Fact]
    public void counts_values_that_are_no_numbers()
    {
        byte[] floats = [.. new[] { float.NaN, float.PositiveInfinity, -1, 256, 0, 0 }.SelectMany(BitConverter.GetBytes)];
        Assert.Equal(
            [("pixel0", MissingValue, 1, TrainImages), ("pixel1", NotFinite, 1, TrainImages), ("pixel2", OutOfRange, 1, TrainImages), ("pixel3", OutOfRange, 1, TrainImages)],
            Faults(Read(OneTrained(Npy("<f4", "1, 2, 3", floats)))));
    }

    [Theory]
    [InlineData("<u4", new byte[] { 2, 0, 0, 0, 255, 255, 255, 255 })]
    [InlineData("<i2", new byte[] { 1, 0, 255, 255 })]
    [InlineData("<u8", new byte[] { 1, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255 })]
    [InlineData("|i1", new byte[] { 2, 3 })]
    public void counts_labels_that_are_none_of_the_classes(string type, byte[] labels) =>
        Assert.Equal([("digit", UnknownLevel, 1, TrainLabels)], Faults(Read(Archive(labels: Npy(type, "2", labels)))));

    [Fact]
    public void never_looks_into_pickled_objects()
    {
        Refused(PickledArray, TrainImages, Archive(Npy("|O", "2, 2, 3", "\u0080\u0004cos\nsystem\n"u8.ToArray())));
        Refused(PickledArray, TrainLabels, Archive(labels: Npy("|O", "2", [1, 2])));
    }

    [Theory]
    [InlineData("<f8"), InlineData(">u2"), InlineData("<c8"), InlineData("|S6"), InlineData("|b1"), InlineData("<i4"), InlineData("<M8[D]"), InlineData("")]
    public void refuses_types_that_images_are_not_made_of(string type) => Refused(WrongArrayType, TrainImages, Archive(Npy(type, "2, 2, 3", new byte[96])));

    [Fact]
    public void refuses_fields_labels_with_fractions_and_arrays_that_lie_column_by_column()
    {
        Refused(WrongArrayType, TrainImages, Archive(Npy("", "", [], heading: "{'descr': [('a', '|u1'), ('b', '|O')], 'fortran_order': False, 'shape': (2, 2, 3), }")));
        Refused(WrongArrayType, TrainLabels, Archive(labels: Npy("<f4", "2", new byte[8])));
        Refused(FortranOrder, TrainImages, Archive(Npy("|u1", "2, 2, 3", Counting(12), order: "True")));
    }

    [Theory]
    [InlineData("2, 6"), InlineData("12,"), InlineData(""), InlineData("2, 2, 3, 1, 1"), InlineData("2, 1, 1, 6"), InlineData("2, 6, 1, 0")]
    public void refuses_other_dimensions_than_images_have(string shape) => Refused(WrongArrayShape, TrainImages, Archive(Npy("|u1", shape, Counting(12))));

    [Fact]
    public void refuses_sizes_that_do_not_fit()
    {
        Refused(WrongImageSize, TrainImages, Archive(Npy("|u1", "2, 3, 3", new byte[18])));
        Refused(WrongImageSize, TrainImages, Archive(Npy("|u1", "2, 4294967296, 4294967296", [])));
        Refused(WrongImageSize, TrainImages, Archive(Npy("|u1", "2, 99999999999999999999, 3", [])));
        Refused(CountsDiffer, TrainLabels, Archive(labels: Npy("|u1", "3", [0, 1, 2])));
        Refused(WrongArrayShape, TrainLabels, Archive(labels: Npy("|u1", "2, 2", [0, 1, 2, 0])));
        Assert.Equal([(null, FileTooLarge, 50_000_000, TrainImages)], Faults(Read(Archive(Npy("|u1", "99999999999999999999, 2, 3", []), Npy("|u1", "99999999999999999999", [])))));
        Refused(Truncated, TrainLabels, Archive(Npy("|u1", "9000000, 2, 3", []), Npy("|u1", "9000000", [])));
    }

    [Theory]
    [InlineData("{'descr': '|u1', 'fortran_order': False}")]
    [InlineData("{'descr': '|u1', 'descr': '|u1', 'fortran_order': False, 'shape': (2, 2, 3)}")]
    [InlineData("{'descr': '|u1', 'fortran_order': False, 'shape': (2, 2, 3), 'more': 1}")]
    [InlineData("{'descr': '|u1', 'fortran_order': __import__('os'), 'shape': (2, 2, 3)}")]
    [InlineData("{'descr': '|u1', 'fortran_order': False, 'shape': (-2, 2, 3)}")]
    [InlineData("{'descr': '|u1', 'fortran_order': False, 'shape': (2 2, 3)}")]
    [InlineData("{'descr': '|u1', 'fortran_order': False, 'shape': (2, 2, 3)} #")]
    [InlineData("")]
    public void refuses_a_heading_that_is_not_NumPys(string heading) => Refused(NotNpz, TrainImages, Archive(Npy("", "", Counting(12), heading: heading)));

    [Fact]
    public void takes_a_heading_of_any_order_and_spacing() =>
        Ready(Read(Archive(Npy("", "", Counting(12), heading: "{'shape':(2,2,3),'fortran_order':False,  'descr':'|u1'}"))));

    [Fact]
    public void refuses_what_is_no_archive()
    {
        foreach (var wrong in new[] { [], "PK"u8.ToArray(), new byte[100], TwoImages, [.. Archive(), 0], Archive()[..^1], Archive()[1..] })
            Assert.Contains(Faults(Read(wrong)), f => f is (null, NotNpz or Damaged, 0, Whole));
        Refused(NotNpz, TrainImages, Archive([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]));
        Refused(Truncated, TrainImages, Archive([0x93, .. "NUM"u8]));
    }

    [Fact]
    public void refuses_what_is_cut_goes_on_or_was_damaged()
    {
        Refused(Truncated, TrainImages, Archive(TwoImages[..^1]));
        Refused(TrailingBytes, TrainImages, Archive([.. TwoImages, 7]));
        Refused(Truncated, TrainLabels, Archive(labels: TwoLabels[..^1]));
        var archive = Archive(level: CompressionLevel.NoCompression);
        var at = archive.AsSpan().IndexOf(TwoImages);
        archive[at + TwoImages.Length - 1] ^= 1;   // within the contract's range: only the checksum tells
        Refused(Damaged, TrainImages, archive);
    }

    [Fact]
    public void refuses_an_archive_that_unpacks_out_of_all_proportion()
    {
        const int many = 100_000;
        var bomb = Archive(Npy("|u1", $"{many}, 2, 3", new byte[6 * many]), Npy("|u1", $"{many}", new byte[many]));
        Assert.Equal([(null, UnpacksTooLarge, 0, TrainImages)], Faults(Read(bomb, limits: new(1_000_000, 10_000_000, 100, 200_000))));
        Ready(Read(bomb));
    }

    [Fact]
    public void refuses_an_archive_that_lies_about_its_sizes()
    {
        var archive = Archive(Npy("|u1", "1000, 2, 3", new byte[6000]), Npy("|u1", "1000", new byte[1000]));
        var said = BitConverter.GetBytes(6000 + Npy("|u1", "1000, 2, 3", []).Length);
        for (var at = 0; archive.AsSpan(at).IndexOf(said) is >= 0 and var next; at += 4)
        {
            at += next;
            BitConverter.GetBytes(12 + Npy("|u1", "1000, 2, 3", []).Length).CopyTo(archive, at);
        }
        Assert.Contains(Faults(Read(archive)), f => f is (null, Truncated or Damaged, 0, TrainImages));
    }

    [Fact]
    public void never_repeats_anything_of_the_file_in_a_fault()
    {
        const string secret = "7319";
        var archive = Archive(Npy(secret, "2, 2, 3", []), Npy("<i2", "2", [151, 28, 151, 28]), others: ($"{secret}.npy", Encoding.UTF8.GetBytes(secret)));
        foreach (var reading in new[] { Read(archive), Read(Archive(labels: Npy("<i2", "2", [151, 28, 151, 28]))), Read(Archive(Npy("<u2", "7319, 2, 3", []))) })
            Assert.DoesNotContain(Assert.IsType<DatasetReading.Refused>(reading).Faults, f => f.ToString().Contains(secret, StringComparison.Ordinal));
    }

    [Fact]
    public void survives_any_change_of_a_files_bytes()
    {
        var (ready, refused) = (0, 0);
        Gen.Select(Gen.Bool, Gen.Select(Gen.Int[0, 2000], Gen.Byte).Array[0, 4], Gen.Int[0, 2]).Sample((packed, changes, cut) =>
        {
            var archive = Archive(level: packed ? CompressionLevel.SmallestSize : CompressionLevel.NoCompression);
            foreach (var (at, value) in changes) archive[at % archive.Length] = value;
            if (Read(archive[..^(cut / 2)], limits: new(1000, 100_000, 100, 1000)) is DatasetReading.Ready) Interlocked.Increment(ref ready);
            else Interlocked.Increment(ref refused);
        }, iter: 3000);
        Assert.True(ready > 0 && refused > 0, "the generator must reach both outcomes");
    }

    [Fact]
    public async Task says_that_a_file_is_not_there()
    {
        var absent = Path.Combine(Path.GetTempPath(), "no-such-folder-of-ours", "x.npz");
        Assert.Equal([(null, FileMissing, 0, Whole)], Faults(await new NpzConnector(absent, NpzArrays.Usual).Read(Digits, CancellationToken.None)));
    }
}
