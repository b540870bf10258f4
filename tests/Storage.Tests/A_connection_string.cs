namespace DeepSeek.Federated.Storage.Tests;

public sealed class A_connection_string
{
    private const string Whole = "Host=db.example.org;Port=5433;Database=fed;Username=coordinator;Password=\"a;secret\"";

    [Fact]
    public void prints_its_server_and_database_and_never_its_password()
    {
        var address = PostgresAddress.Parse(Whole);
        Assert.Equal("db.example.org:5433/fed", address.ToString());
        Assert.DoesNotContain("secret", new LedgerPlace.OnServer(address).ToString(), StringComparison.Ordinal);
        Assert.Contains("a;secret", address.ConnectionString, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "names no Host and no Database and no Username")]
    [InlineData("Host=h;Username=u", "names no Database")]
    [InlineData("Host=h;Database=d;Username=u;Password=a;secret", "no connection string")]
    [InlineData("Host=h;Database=d;Username=u;secret=x", "no connection string")]
    [InlineData("Host=h;Database=d;Username=u;Port=secret", "no connection string")]
    [InlineData("postgres://u:secret@h/d", "no connection string")]
    public void that_cannot_be_used_is_refused_and_not_repeated(string text, string why)
    {
        var refused = Assert.Throws<FormatException>(() => PostgresAddress.Parse(text));
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("db.example.org", "", "VerifyFull")]
    [InlineData("db.example.org", ";SslMode=Require", "Require")]
    [InlineData("db.example.org", ";SSL Mode=Disable", "Disable")]
    [InlineData("127.0.0.1", "", "Prefer")]
    [InlineData("/var/run/postgresql", "", "Prefer")]
    public void asks_a_server_elsewhere_for_its_certificate_unless_it_says_otherwise(string host, string also, string mode) =>
        Assert.Equal(mode, new Npgsql.NpgsqlConnectionStringBuilder(PostgresAddress.Parse($"Host={host};Database=d;Username=u{also}").ConnectionString).SslMode.ToString());
}
