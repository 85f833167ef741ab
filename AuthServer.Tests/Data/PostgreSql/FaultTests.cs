using AuthServer.Data;
using Npgsql;

namespace AuthServer.Tests.Data.PostgreSql;

/// <summary>What an operator is told, and what is no mistake in the connection string.</summary>
public class FaultTests
{
    private static readonly DataOptions Options = new()
    {
        Provider = "postgresql",
        ConnectionString = "Host=db;Database=auth;Username=auth",
    };

    [Theory]
    [InlineData("28P01", "refuses the password of 'auth': correct Username and Password")]
    [InlineData("28000", "does not let 'auth' in")]
    [InlineData("3D000", "The database 'auth' does not exist at 'db:5432': create it")]
    [InlineData("42501", "make that user the owner of the database")]
    [InlineData("53300", "has no connection left")]
    [InlineData("55P03", "is held by another process")]
    [InlineData("57P03", "is not ready")]
    [InlineData("XX000", "cannot be used (XX000: said)")]
    public void Each_fault_has_its_sentence(string state, string words)
    {
        var fault = new InvalidOperationException(
            "outer",
            new PostgresException("said", "FATAL", "FATAL", state)
        );

        Assert.Contains(words, Databases.Of(Options).Explain(fault)!, StringComparison.Ordinal);
        Assert.True(DatabaseFault.IsPassing(fault));
    }

    [Theory]
    [InlineData("Host=db;Database=auth", null)]
    [InlineData("Database=auth", "must name the host")]
    [InlineData("Host=db", "must name a database")]
    [InlineData("Host=db;Database=auth;Colour=red", "is not one of PostgreSQL")]
    [InlineData("Data Source=authserver.db", "is not one of PostgreSQL")]
    public void A_connection_string_that_cannot_be_meant_is_refused(string text, string? words)
    {
        var mistake = Databases
            .Of(new DataOptions { Provider = "PostgreSql", ConnectionString = text })
            .Mistake;

        Assert.Equal(words is null, mistake is null);
        Assert.Contains(words ?? "", mistake ?? "", StringComparison.Ordinal);
    }
}
