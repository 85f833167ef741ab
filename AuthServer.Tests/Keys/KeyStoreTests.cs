using System.Text.Json;
using AuthServer.Data;
using AuthServer.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.Tokens;

namespace AuthServer.Tests.Keys;

public class KeyStoreTests : IAsyncLifetime
{
    private readonly KeyServer _server = new();

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    [Fact]
    [Trait("Requirement", "C-39")]
    public void The_first_start_makes_a_strong_key_of_each_algorithm()
    {
        var signing = _server.Engine.SigningCredentials;
        var encryption = Assert.Single(_server.Engine.EncryptionCredentials);

        Assert.Equal(
            [("ES256", 256), ("RS256", 3072), ("A256KW", 256)],
            [
                .. signing.Select(key => (key.Algorithm, key.Key.KeySize)),
                (encryption.Alg, encryption.Key.KeySize),
            ]
        );
    }

    [Fact]
    public async Task Making_a_key_is_recorded()
    {
        var reasons = await _server.WithDbAsync(db =>
            db.Audit.Where(entry => entry.Event == "key.created").Select(entry => entry.Reason).ToListAsync()
        );

        Assert.Equal(3, reasons.Count);
        Assert.Contains($"ES256 {_server.Engine.SigningCredentials[0].Kid}", reasons);
    }

    [Fact]
    public async Task A_second_start_makes_no_key_and_changes_none()
    {
        var before = await PublishedAsync();

        await _server.LoadAsync();

        Assert.Equal(before, await PublishedAsync());
        Assert.Equal(3, await _server.WithDbAsync(db => db.SigningKeys.CountAsync()));
    }

    [Fact]
    public async Task Looking_again_disturbs_the_engine_only_when_something_has_changed()
    {
        var before = _server.Engine;

        await _server.FollowAsync();
        Assert.Same(before, _server.Engine);

        await _server.AddKeyAsync("second", "ES256", activatesIn: TimeSpan.FromDays(1));
        await _server.FollowAsync();
        Assert.NotSame(before, _server.Engine);
    }

    [Fact]
    [Trait("Requirement", "C-39")]
    public async Task The_database_holds_no_private_key_in_the_clear()
    {
        var rsa = ((RsaSecurityKey)_server.Engine.SigningCredentials[1].Key).Parameters;
        var rows = await _server.WithDbAsync(db => db.SigningKeys.ToListAsync());

        Assert.DoesNotContain(rows, row => row.Protected.AsSpan().IndexOf(rsa.D) >= 0);
        Assert.DoesNotContain(rows, row => row.Protected.AsSpan().IndexOf(rsa.Modulus) >= 0);
    }

    [Fact]
    [Trait("Requirement", "C-39")]
    public async Task The_published_set_holds_public_parts_of_signing_keys_only()
    {
        using var set = JsonDocument.Parse(await _server.Http.GetStringAsync(".well-known/jwks"));

        var keys = set.RootElement.GetProperty("keys").EnumerateArray();
        var members = keys.Select(key =>
            string.Join(' ', key.EnumerateObject().Select(member => member.Name))
        );
        Assert.Equal(["kid use kty alg crv x y", "kid use kty alg e n"], members);
    }

    [Fact]
    [Trait("Requirement", "C-40")]
    public async Task The_next_key_is_made_a_day_before_it_signs_by_whoever_comes_first()
    {
        var first = _server.Engine.SigningCredentials[0].Kid;
        _server.Clock.Advance(TimeSpan.FromDays(88.9));
        await _server.LoadAsync();
        Assert.Equal([first], Signing("ES256"));

        _server.Clock.Advance(TimeSpan.FromDays(0.2));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _server.LoadAsync()));
        await _server.LoadAsync();

        var second = Assert.Single(Signing("ES256"), kid => kid != first);
        Assert.Equal([first, second], Signing("ES256"));
        Assert.Contains(second, await PublishedAsync());
        Assert.Equal(6, await _server.WithDbAsync(db => db.SigningKeys.CountAsync()));

        _server.Clock.Advance(TimeSpan.FromDays(1));
        await _server.LoadAsync();
        Assert.Equal([second, first], Signing("ES256"));
    }

    [Fact]
    [Trait("Requirement", "C-40")]
    public async Task A_server_that_slept_through_the_time_still_publishes_before_it_signs()
    {
        var first = _server.Engine.SigningCredentials[0].Kid;
        _server.Clock.Advance(TimeSpan.FromDays(200));

        await _server.LoadAsync();
        Assert.Equal(first, Signing("ES256").First());
        Assert.Equal(2, Signing("ES256").Count());

        _server.Clock.Advance(TimeSpan.FromDays(1));
        await _server.LoadAsync();
        Assert.Equal(first, Signing("ES256").Last());
    }

    [Fact]
    [Trait("Requirement", "C-40")]
    public async Task A_key_whose_last_token_has_expired_is_removed_from_the_database()
    {
        var first = _server.Engine.SigningCredentials[0].Kid;
        for (var day = 0; day < 280; day += 10)
        {
            _server.Clock.Advance(TimeSpan.FromDays(10));
            await _server.LoadAsync();
        }

        Assert.DoesNotContain(
            first,
            await _server.WithDbAsync(db => db.SigningKeys.Select(key => key.Id).ToListAsync())
        );
        Assert.DoesNotContain(first, await PublishedAsync());
    }

    [Fact]
    [Trait("Requirement", "D-17")]
    public async Task Keys_that_are_missing_while_tokens_live_stop_the_start_and_are_not_replaced()
    {
        await _server.WithDbAsync(db =>
        {
            db.Tokens.Add(
                new Token
                {
                    Status = "valid",
                    ExpirationDate = _server.Clock.GetUtcNow().UtcDateTime.AddHours(1),
                }
            );
            return db.SaveChangesAsync();
        });
        await _server.WithDbAsync(db =>
            db.SigningKeys.Where(key => key.Algorithm == "ES256").ExecuteDeleteAsync()
        );

        var refusal = await Assert.ThrowsAsync<StartupException>(_server.LoadAsync);
        Assert.Contains("ES256 keys are missing", refusal.Message, StringComparison.Ordinal);

        _server.Clock.Advance(TimeSpan.FromHours(2));
        await _server.LoadAsync();
        Assert.Single(Signing("ES256"));
    }

    [Fact]
    [Trait("Requirement", "D-17")]
    public async Task Keys_that_have_signed_access_tokens_only_are_missed_as_well()
    {
        var given = await RelyingParty.Report(_server).ClientCredentialsAsync();
        Assert.True(given.Has("access_token"));
        await _server.WithDbAsync(db =>
            db.SigningKeys.Where(key => key.Algorithm == "ES256").ExecuteDeleteAsync()
        );

        await Assert.ThrowsAsync<StartupException>(_server.LoadAsync);

        _server.Clock.Advance(TimeSpan.FromHours(2));
        await _server.LoadAsync();
        Assert.Single(Signing("ES256"));
    }

    [Fact]
    [Trait("Requirement", "C-41")]
    public async Task A_token_that_was_verified_before_is_worth_nothing_once_its_key_is_revoked()
    {
        var token = (await RelyingParty.Report(_server).ClientCredentialsAsync())["access_token"];
        var api = RelyingParty.OrdersApi(_server);
        Assert.Equal("True", (await api.IntrospectAsync(token))["active"]);
        Assert.Equal("True", (await api.IntrospectAsync(token))["active"]);

        var kid = _server.Engine.SigningCredentials[0].Kid;
        await _server.WithKeysAsync(keys => keys.RevokeAsync(kid, CancellationToken.None));
        await _server.LoadAsync();

        Assert.Equal("False", (await api.IntrospectAsync(token))["active"]);
    }

    [Fact]
    [Trait("Requirement", "C-41")]
    public async Task Revoking_the_current_key_lets_another_sign_at_once_and_is_recorded()
    {
        var first = _server.Engine.SigningCredentials[0].Kid;

        Assert.True(await _server.WithKeysAsync(keys => keys.RevokeAsync(first, CancellationToken.None)));
        Assert.False(await _server.WithKeysAsync(keys => keys.RevokeAsync(first, CancellationToken.None)));
        await _server.LoadAsync();

        Assert.NotEqual(first, Assert.Single(Signing("ES256")));
        Assert.DoesNotContain(first, await PublishedAsync());
        Assert.Equal(
            $"ES256 {first}",
            await _server.WithDbAsync(db =>
                db.Audit.Where(row => row.Event == "key.revoked").Select(row => row.Reason).SingleAsync()
            )
        );
    }

    [Fact]
    [Trait("Requirement", "C-40")]
    public async Task A_key_is_published_ahead_then_signs_then_retires_then_goes()
    {
        var first = _server.Engine.SigningCredentials[0].Kid;
        await _server.AddKeyAsync("second", "ES256", activatesIn: TimeSpan.FromDays(1));

        await _server.LoadAsync();
        Assert.Equal([first, "second"], Signing("ES256"));
        Assert.Contains("second", await PublishedAsync());

        _server.Clock.Advance(TimeSpan.FromDays(1));
        await _server.LoadAsync();
        Assert.Equal(["second", first], Signing("ES256"));

        _server.Clock.Advance(TimeSpan.FromDays(180));
        await _server.LoadAsync();
        Assert.Equal("second", Signing("ES256").First());
        Assert.DoesNotContain(first, await PublishedAsync());
    }

    [Fact]
    public async Task The_latest_encryption_key_encrypts_and_the_earlier_still_decrypts()
    {
        var first = _server.Engine.EncryptionCredentials[0].Key.KeyId;
        await _server.AddKeyAsync("second", "A256KW", activatesIn: TimeSpan.Zero);

        await _server.LoadAsync();

        Assert.Equal(["second", first], _server.Engine.EncryptionCredentials.Select(key => key.Key.KeyId));
    }

    [Fact]
    public async Task The_current_key_is_first_however_many_are_published()
    {
        for (var i = 0; i < 20; i++)
        {
            await _server.AddKeyAsync($"es-{i}", "ES256", activatesIn: TimeSpan.FromMinutes(i));
        }

        _server.Clock.Advance(TimeSpan.FromMinutes(10.5));
        await _server.LoadAsync();

        Assert.Equal(["es-10", "es-11"], Signing("ES256").Take(2));
        Assert.Equal("es-10", _server.Engine.SigningCredentials[0].Kid);
        Assert.Equal(21, Signing("ES256").Count());
    }

    [Fact]
    [Trait("Requirement", "C-41")]
    public async Task A_revoked_key_is_replaced_at_the_next_start_and_published_no_more()
    {
        var first = _server.Engine.SigningCredentials[0].Kid;
        await ChangeAsync(first, key => key.RevokedAt = _server.Clock.GetUtcNow().UtcDateTime);

        await _server.LoadAsync();

        Assert.NotEqual(first, Assert.Single(Signing("ES256")));
        Assert.DoesNotContain(first, await PublishedAsync());
    }

    [Fact]
    [Trait("Requirement", "D-17")]
    public async Task A_key_that_does_not_open_stops_the_start_and_is_not_replaced()
    {
        var first = _server.Engine.SigningCredentials[0].Kid;
        await ChangeAsync(first, key => key.Protected[^1] ^= 1);

        var refusal = await Assert.ThrowsAsync<StartupException>(_server.LoadAsync);

        Assert.Contains($"'{first}'", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Data:MasterKeyFile", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(3, await _server.WithDbAsync(db => db.SigningKeys.CountAsync()));
    }

    [Fact]
    public async Task A_key_that_lies_under_another_name_does_not_open()
    {
        var (first, second) = (_server.Engine.SigningCredentials[0].Kid, "renamed");
        await _server.WithDbAsync(db =>
            db.SigningKeys.Where(key => key.Id == first)
                .ExecuteUpdateAsync(row => row.SetProperty(key => key.Id, second))
        );

        await Assert.ThrowsAsync<StartupException>(_server.LoadAsync);
    }

    private IEnumerable<string> Signing(string algorithm) =>
        _server.Engine.SigningCredentials.Where(key => key.Algorithm == algorithm).Select(key => key.Kid);

    private async Task<IEnumerable<string?>> PublishedAsync()
    {
        using var set = JsonDocument.Parse(await _server.Http.GetStringAsync(".well-known/jwks"));
        var keys = set.RootElement.GetProperty("keys").EnumerateArray();
        return [.. keys.Select(key => key.GetProperty("kid").GetString())];
    }

    private Task<int> ChangeAsync(string kid, Action<SigningKey> change) =>
        _server.WithDbAsync(async db =>
        {
            var key = await db.SigningKeys.SingleAsync(row => row.Id == kid);
            change(key);
            db.Entry(key).State = EntityState.Modified;
            return await db.SaveChangesAsync();
        });
}
