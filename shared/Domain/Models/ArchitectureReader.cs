using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Reading;

namespace DeepSeek.Federated.Domain.Models;

/// <summary>Reads the <c>architecture</c> of a manifest; inputs and outputs follow from the dataset contract and are never written twice.</summary>
internal static class ArchitectureReader
{
    private const long MostParameters = 1L << 31;

    public static Architecture? Read(DocumentReader reader, int inputs, int outputs)
    {
        Architecture? architecture = reader.Text("kind", 40) switch
        {
            "logistic" => new Architecture.Logistic(inputs, outputs),
            "mlp"      => Mlp(reader, inputs, outputs),
            "cnn"      => Cnn(reader, inputs, outputs),
            "lenet"    => LeNet(reader, inputs, outputs),
            var other  => Unknown(reader, other),
        };
        reader.Finish();
        return architecture;
    }

    private static Architecture.Mlp Mlp(DocumentReader reader, int inputs, int outputs)
    {
        var hidden = Sizes(reader, "hidden", 1, 65_536);
        ImmutableArray<int> widths = [inputs, .. hidden, outputs];
        if (widths.Zip(widths.Skip(1)).Sum(p => (p.First + 1L) * p.Second) > MostParameters) reader.Fault("hidden", "gives more than 2^31 parameters");
        return new(inputs, hidden, outputs);
    }

    private static Architecture.Cnn Cnn(DocumentReader reader, int inputs, int outputs)
    {
        var (channels, height, width) = Image(reader, smallest: 4, inputs);
        var filters = Sizes(reader, "filters", 1, 4096);
        var (h, w) = (height, width);
        foreach (var _ in filters) (h, w) = ((h - 2) / 2, (w - 2) / 2);
        if (h < 1 || w < 1) reader.Fault("filters", "has too many layers for the image: each takes a border of 2 and then halves it");
        var hidden = (int)reader.Integer("hidden", 1, 65_536, 128);
        if (filters.Length > 0 && h > 0 && w > 0 && (long)h * w * filters[^1] * hidden > MostParameters) reader.Fault("hidden", "gives more than 2^31 parameters");
        return new(channels, height, width, filters, hidden, outputs);
    }

    private static Architecture.LeNet LeNet(DocumentReader reader, int inputs, int outputs)
    {
        var (channels, height, width) = Image(reader, Architecture.LeNet.Smallest, inputs);
        return new(channels, height, width, outputs);
    }

    private static (int Channels, int Height, int Width) Image(DocumentReader reader, int smallest, int inputs)
    {
        var image = (Channels: (int)reader.Integer("channels", 1, 512, 1), Height: (int)reader.Integer("height", smallest, 4096), Width: (int)reader.Integer("width", smallest, 4096));
        if ((long)image.Channels * image.Height * image.Width != inputs)
            reader.Fault("height", $"{image.Channels}×{image.Height}×{image.Width} inputs do not equal the dataset's {inputs} features");
        return image;
    }

    private static ImmutableArray<int> Sizes(DocumentReader reader, string key, int least, int most)
    {
        var texts = reader.Texts(key);
        if (texts.Length is < 1 or > 16) reader.Fault(key, "must be a list of 1 to 16 sizes");
        var sizes = ImmutableArray.CreateBuilder<int>();
        foreach (var text in texts)
        {
            if (int.TryParse(text, out var size) && size >= least && size <= most) sizes.Add(size);
            else reader.Fault(key, $"'{text}' must be a whole number from {least} to {most}");
        }
        return sizes.ToImmutable();
    }

    private static Architecture? Unknown(DocumentReader reader, string kind)
    {
        if (kind.Length > 0) reader.Fault("kind", $"'{kind}' is not an architecture of this version; known: logistic, mlp, cnn, lenet");
        return null;
    }
}
