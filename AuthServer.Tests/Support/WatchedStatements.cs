using System.Data.Common;
using AuthServer.Data.Statements;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Tests.Support;

/// <summary>
/// The statements of the server's requests as they pass, so that a test can hold one back or let it fail where the
/// database would run it; what the server does by itself passes unseen. Its clock is the test's.
/// </summary>
internal sealed class WatchedStatements : IStatements
{
    /// <summary>How a test names the end of a write, when all its statements have passed.</summary>
    public const string Commit = "COMMIT";

    private IStatements _database = null!;
    private IHttpContextAccessor _http = null!;

    /// <summary>Done before each statement, told its text, and before each <see cref="Commit"/>.</summary>
    public Func<string, CancellationToken, Task> Before { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Done when a write is committed.</summary>
    public Action Written { get; set; } = () => { };

    /// <summary>Takes its place before those that the server has registered.</summary>
    public void Watch(IServiceCollection services)
    {
        var own = services.Last(service => service.ServiceType == typeof(IStatements));
        services.AddSingleton(own.ImplementationType!);
        services.AddSingleton<IStatements>(provider =>
        {
            _http = provider.GetRequiredService<IHttpContextAccessor>();
            _database = (IStatements)provider.GetRequiredService(own.ImplementationType!);
            return this;
        });
    }

    public string Clock(string ours) => ours;

    public string Hold => _database.Hold;

    public async Task<T?> FirstAsync<T>(
        Statement question,
        Func<DbDataReader, T> read,
        CancellationToken cancellation
    )
        where T : class
    {
        await SeeAsync(question.Sql, cancellation);
        return await _database.FirstAsync(question, read, cancellation);
    }

    public async Task<List<T>> AllAsync<T>(
        Statement question,
        Func<DbDataReader, T> read,
        CancellationToken cancellation
    )
    {
        await SeeAsync(question.Sql, cancellation);
        return await _database.AllAsync(question, read, cancellation);
    }

    public async Task<int> WriteAsync(IReadOnlyList<Statement> unit, CancellationToken cancellation)
    {
        var passed = new List<Statement>();
        foreach (var statement in unit)
        {
            passed.Add(await PassAsync(statement, cancellation));
        }

        await SeeAsync(Commit, cancellation);
        var changed = await _database.WriteAsync(passed, cancellation);
        if (_http.HttpContext is not null)
        {
            Written();
        }

        return changed;
    }

    private Task SeeAsync(string statement, CancellationToken cancellation) =>
        _http.HttpContext is null ? Task.CompletedTask : Before(statement, cancellation);

    // What is to fail fails in the database, amid the others.
    private async Task<Statement> PassAsync(Statement statement, CancellationToken cancellation)
    {
        try
        {
            await SeeAsync(statement.Sql, cancellation);
            return statement;
        }
        catch (SqliteException)
        {
            return new Statement("INSERT INTO \"broken\" DEFAULT VALUES");
        }
    }
}
