using AuthServer.Data;
using AuthServer.Keys;

namespace AuthServer.Tests.Keys;

public class KeyRingTests
{
    private static readonly DateTime Start = new(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly KeysOptions Defaults = new();

    [Fact]
    public void Without_a_key_there_is_no_ring()
    {
        Assert.Null(Ring(day: 0));
        Assert.Null(KeyRing.At(Start, "RS256", [Key("a", 0, 0)], Defaults));
    }

    [Fact]
    public void The_first_key_signs_at_once()
    {
        var ring = Ring(day: 0, Key("a", 0, 0))!;

        Assert.Equal("a", ring.Current.Id);
        Assert.Empty(ring.Next);
        Assert.Empty(ring.Retired);
    }

    [Fact]
    [Trait("Requirement", "C-40")]
    public void A_next_key_is_published_before_it_signs()
    {
        var keys = new[] { Key("a", 0, 0), Key("b", 89, 90) };

        Assert.Equal(["a"], Published(day: 88.9, keys));
        Assert.Equal(["a", "b"], Published(day: 89, keys));
        Assert.Equal(["a", "b"], Published(day: 89.9, keys));
        Assert.Equal(["b", "a"], Published(day: 90, keys));
    }

    [Fact]
    public void A_key_signs_on_while_no_other_takes_its_place()
    {
        Assert.Equal(["a"], Published(day: 1_000, Key("a", 0, 0)));
    }

    [Fact]
    [Trait("Requirement", "C-40")]
    public void A_retired_key_stays_until_all_it_signed_has_expired_and_then_goes()
    {
        var keys = new[] { Key("a", 0, 0), Key("b", 89, 90) };

        Assert.Equal(["b", "a"], Published(day: 90 + 90 + 89.9, keys));
        Assert.Equal(["b"], Published(day: 90 + 90 + 90, keys));
    }

    [Fact]
    public void The_order_is_current_then_next_then_the_latest_retired()
    {
        var keys = new[] { Key("b", 89, 90), Key("d", 190, 270), Key("a", 0, 0), Key("c", 179, 180) };

        Assert.Equal(["c", "d", "b", "a"], Published(day: 195, keys));
    }

    [Fact]
    [Trait("Requirement", "C-41")]
    public void A_revoked_key_is_nowhere()
    {
        var keys = new[]
        {
            Key("a", 0, 0, revoked: 100),
            Key("b", 89, 90, revoked: 100),
            Key("c", 100, 100),
            Key("d", 100, 190, revoked: 100),
        };

        Assert.Equal(["c"], Published(day: 100, keys));
    }

    [Fact]
    [Trait("Requirement", "C-41")]
    public void A_key_that_was_revoked_before_it_signed_takes_nobodys_place()
    {
        var keys = new[] { Key("a", 0, 0), Key("b", 89, 90, revoked: 89.5) };

        Assert.Equal(["a"], Published(day: 89.9, keys));
        Assert.Equal(["a"], Published(day: 95, keys));
        Assert.True(Ring(95, keys)!.IsDue(Start.AddDays(95), Defaults));
    }

    [Fact]
    public void A_superseded_key_does_not_sign_again_when_its_successor_is_revoked()
    {
        Assert.Null(Ring(day: 100, Key("a", 0, 0), Key("b", 89, 90, revoked: 100)));
    }

    [Fact]
    public void A_clock_that_stepped_back_finds_the_earlier_key_and_never_the_later_one()
    {
        var keys = new[] { Key("a", 0, 0), Key("b", 89, 90) };

        Assert.Equal("a", Ring(day: 89.96, keys)!.Current.Id);
        Assert.Equal("a", Ring(day: -1, keys)!.Current.Id);
    }

    private static IEnumerable<string> Published(double day, params SigningKey[] keys) =>
        Ring(day, keys)!.Published.Select(key => key.Id);

    private static KeyRing? Ring(double day, params SigningKey[] keys) =>
        KeyRing.At(Start.AddDays(day), "ES256", keys, Defaults);

    private static SigningKey Key(string id, double created, double activates, double? revoked = null) =>
        new()
        {
            Id = id,
            Algorithm = "ES256",
            Protected = [],
            CreatedAt = Start.AddDays(created),
            ActivatesAt = Start.AddDays(activates),
            RevokedAt = revoked is { } day ? Start.AddDays(day) : null,
        };
}
