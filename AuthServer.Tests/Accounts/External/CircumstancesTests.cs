using AuthServer.Accounts.External;

namespace AuthServer.Tests.Accounts.External;

/// <summary>The decision table, row by row; the words are those of the rows.</summary>
[Trait("Requirement", "C-76")]
public class CircumstancesTests
{
    private static readonly Circumstances Verified = new(LinkedTo.Nobody, Holder.Nobody, IsVerified: true);
    private static readonly Circumstances Unverified = Verified with { IsVerified = false };

    [Fact]
    public void Linked_and_enabled_signs_in_whatever_is_said_of_the_address()
    {
        foreach (var holder in Enum.GetValues<Holder>())
        {
            foreach (var isVerified in new[] { true, false })
            {
                var linked = new Circumstances(LinkedTo.Account, holder, isVerified);

                Assert.Equal(Verdict.SignIn, linked.Decide());
                Assert.Equal(Verdict.Refuse, (linked with { Linked = LinkedTo.ClosedAccount }).Decide());
            }
        }
    }

    [Fact]
    public void Nobody_has_the_address_and_it_is_verified_makes_an_account() =>
        Assert.Equal(Verdict.Create, Verified.Decide());

    [Fact]
    public void Nobody_has_the_address_and_it_is_not_verified_makes_one_after_a_proof_of_mailbox()
    {
        Assert.Equal(Verdict.AskForMailbox, Unverified.Decide());
        Assert.Equal(Verdict.Create, (Unverified with { IsMailboxProven = true }).Decide());
    }

    [Fact]
    public void A_confirmed_account_has_the_address_and_it_is_verified_asks_for_that_account()
    {
        var confirmed = Verified with { Holder = Holder.ConfirmedAccount };

        Assert.Equal(Verdict.AskForAccount, confirmed.Decide());
        Assert.Equal(Verdict.AskForAccount, (confirmed with { IsMailboxProven = true }).Decide());
    }

    [Fact]
    public void A_shell_has_the_address_and_it_is_verified_is_taken_over_after_a_proof_of_mailbox()
    {
        var shell = Verified with { Holder = Holder.Shell };

        Assert.Equal(Verdict.AskForMailbox, shell.Decide());
        Assert.Equal(Verdict.TakeOverShell, (shell with { IsMailboxProven = true }).Decide());
        Assert.Equal(
            Verdict.Refuse,
            (shell with { Holder = Holder.ClosedShell, IsMailboxProven = true }).Decide()
        );
    }

    [Fact]
    public void A_stale_shell_has_the_address_and_it_is_verified_makes_room_for_a_new_account() =>
        Assert.Equal(Verdict.CreateAfterStaleShell, (Verified with { Holder = Holder.StaleShell }).Decide());

    [Fact]
    public void Anything_not_verified_never_touches_the_account_of_anybody()
    {
        foreach (var holder in Enum.GetValues<Holder>().Except([Holder.Nobody]))
        {
            var unverified = Unverified with { Holder = holder };

            Assert.Equal(Verdict.Refuse, unverified.Decide());
            Assert.Equal(Verdict.Refuse, (unverified with { IsMailboxProven = true }).Decide());
        }
    }

    [Fact]
    public void No_address_at_all_opens_nothing() =>
        Assert.Equal(Verdict.Refuse, (Verified with { Holder = Holder.NoAddress }).Decide());

    [Fact]
    public void Whoever_is_signed_in_and_connects_is_asked_on_a_page_if_the_login_is_verified_and_nobodys()
    {
        var connecting = Verified with { IsConnecting = true };

        foreach (var holder in Enum.GetValues<Holder>())
        {
            Assert.Equal(Verdict.AskToConnect, (connecting with { Holder = holder }).Decide());
        }

        Assert.Equal(Verdict.Refuse, (connecting with { IsVerified = false }).Decide());
        Assert.Equal(Verdict.IsConnected, (connecting with { Linked = LinkedTo.OwnAccount }).Decide());
        Assert.Equal(Verdict.Refuse, (connecting with { Linked = LinkedTo.Account }).Decide());
    }
}
