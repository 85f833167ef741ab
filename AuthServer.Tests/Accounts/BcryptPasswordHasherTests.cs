using System.Text;
using AuthServer.Accounts;
using AuthServer.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace AuthServer.Tests.Accounts;

public class BcryptPasswordHasherTests
{
    private static readonly Account Ada = new();

    [Fact]
    [Trait("Requirement", "C-46")]
    public void The_cost_is_12_unless_configured_and_stands_in_the_hash()
    {
        Assert.Equal(12, new PasswordsOptions().BcryptCost);
        Assert.StartsWith(
            "bcrypt-1:$2a$05$",
            Hasher(5).HashPassword(Ada, "secret"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    [Trait("Requirement", "C-46")]
    public void A_cheaper_hash_wants_to_be_made_anew_and_a_dearer_one_does_not()
    {
        var hash = Hasher(5).HashPassword(Ada, "secret");

        Assert.Equal(
            PasswordVerificationResult.SuccessRehashNeeded,
            Hasher(6).VerifyHashedPassword(Ada, hash, "secret")
        );
        Assert.Equal(PasswordVerificationResult.Success, Hasher(5).VerifyHashedPassword(Ada, hash, "secret"));
        Assert.Equal(PasswordVerificationResult.Success, Hasher(4).VerifyHashedPassword(Ada, hash, "secret"));
        Assert.Equal(PasswordVerificationResult.Failed, Hasher(6).VerifyHashedPassword(Ada, hash, "other"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("bcrypt-1:")]
    [InlineData("bcrypt-1:$2a$")]
    [InlineData("bcrypt-1:$2a$04$")]
    [InlineData("bcrypt-1:$2a$04$....................")]
    [InlineData("bcrypt-1:$2a$99$.....................................................")]
    [InlineData("bcrypt-1:$2a$00$.....................................................")]
    [InlineData("bcrypt-1:$2a$xx$.....................................................")]
    [InlineData("bcrypt-1:$3a$04$.....................................................")]
    [InlineData("bcrypt-1:$2a$04$!....................................................")]
    [InlineData("bcrypt-1:$2a$04$......................................................")]
    [InlineData("$2a$04$.....................................................")]
    [InlineData("bcrypt-2:$2a$04$.....................................................")]
    [InlineData("AQAAAAIAAYagAAAAEA==")]
    [Trait("Requirement", "C-46")]
    public void A_stored_hash_that_is_none_of_ours_matches_nothing(string stored) =>
        Assert.Equal(
            PasswordVerificationResult.Failed,
            Hasher(4).VerifyHashedPassword(Ada, stored, "secret")
        );

    [Theory]
    [InlineData('a')]
    [InlineData('ü')]
    [Trait("Requirement", "C-47")]
    public void Passwords_that_differ_late_are_different(char letter)
    {
        var one = new StringBuilder().Append(letter, 100).ToString();
        var other = new StringBuilder(one) { [89] = 'X' }.ToString();
        var hash = Hasher(4).HashPassword(Ada, one);

        Assert.Equal(PasswordVerificationResult.Success, Hasher(4).VerifyHashedPassword(Ada, hash, one));
        Assert.Equal(PasswordVerificationResult.Failed, Hasher(4).VerifyHashedPassword(Ada, hash, other));
    }

    [Fact]
    [Trait("Requirement", "C-47")]
    public void The_pepper_of_the_server_is_part_of_the_hash()
    {
        var hash = Hasher(4, pepper: 1).HashPassword(Ada, "secret");

        Assert.Equal(
            PasswordVerificationResult.Failed,
            Hasher(4, pepper: 2).VerifyHashedPassword(Ada, hash, "secret")
        );
    }

    [Fact]
    [Trait("Requirement", "C-50")]
    public void The_same_text_typed_on_another_keyboard_is_the_same_password()
    {
        var hash = Hasher(4).HashPassword(Ada, "cafe\u0301 \u2167");

        Assert.Equal(
            PasswordVerificationResult.Success,
            Hasher(4).VerifyHashedPassword(Ada, hash, "caf\u00e9 VIII")
        );
    }

    [Theory]
    [InlineData('\ud800')]
    [InlineData('\ufffe')]
    [InlineData('\0')]
    [Trait("Requirement", "C-50")]
    public void A_text_that_is_no_password_is_a_wrong_one(char character)
    {
        var hash = Hasher(4).HashPassword(Ada, "secret");

        Assert.Equal(
            PasswordVerificationResult.Failed,
            Hasher(4).VerifyHashedPassword(Ada, hash, $"secret{character}")
        );
    }

    private static BcryptPasswordHasher Hasher(int cost, byte pepper = 1)
    {
        var secrets = new ServerSecrets();
        secrets.Load(new Dictionary<string, byte[]> { [ServerSecrets.PasswordPepper] = [pepper] });
        return new BcryptPasswordHasher(secrets, Options.Create(new PasswordsOptions { BcryptCost = cost }));
    }
}
