using Drills;
using static Load.Peers.Names;

namespace Load.Peers;

/// <summary>All servers of a run: built, started, each with somebody signed in.</summary>
internal sealed class Field : IAsyncDisposable
{
    private const string Ram = "/dev/shm";

    private readonly Programs _programs = new();
    private readonly List<Contender> _contenders = [];
    private PostgreSql? _postgreSql;

    public IReadOnlyList<Contender> Contenders => _contenders;

    /// <summary>Builds what the scenarios need; nothing is started.</summary>
    public static async Task<Field> BuildAsync(Wish wish, IEnumerable<Scenario> scenarios)
    {
        var field = new Field();
        try
        {
            var names = scenarios
                .SelectMany(scenario => scenario.Contenders)
                .Distinct()
                .Where(name => IsWanted(name, wish))
                .ToList();
            foreach (var name in names)
            {
                var disk = wish.OnRam || name == OursOnRam ? Ram : Path.GetTempPath();
                field._contenders.Add(new Contender(await field.EntryAsync(name), disk));
            }
        }
        catch
        {
            await field.DisposeAsync();
            throw;
        }

        return field;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var contender in _contenders)
        {
            await contender.DisposeAsync();
        }

        if (_postgreSql is not null)
        {
            await _postgreSql.DisposeAsync();
        }

        _programs.Dispose();
    }

    // What comes along unasked: AuthServer on a RAM disk beside AuthServer, and the floor beside either.
    private static bool IsWanted(string name, Wish wish) =>
        name switch
        {
            OursOnRam => wish.Wants(Ours) && !wish.OnRam,
            Plaintext => wish.Wants(Ours),
            _ => wish.Wants(name),
        };

    private async Task<Entry> EntryAsync(string name)
    {
        switch (name)
        {
            case OidcProvider:
                await _programs.InstallPeerAsync();
                return OidcProviderEntry.Of(_programs.Peer);
            case Stock:
                return StockEntry.Of(await _programs.StockAsync());
            case Plaintext:
                return StockEntry.Plaintext(await _programs.StockAsync());
            case OursOnPostgreSql:
                _postgreSql = await PostgreSql.StartAsync();
                await _postgreSql.PinAsync(Wrk.Core);
                return AuthServerEntry.Of(
                    name,
                    await _programs.AuthServerAsync(),
                    _postgreSql.ConnectionString
                );
            default:
                return AuthServerEntry.Of(name, await _programs.AuthServerAsync());
        }
    }
}
