namespace BlazorChat.Tests.Browser.Notifications;

/// <summary>
/// What pages call their reader with. The browser without windows shows no notifications, and its tones are real; both are recorded by scripts that
/// run before those of a page.
/// </summary>
internal static class RecordedCalls
{
    /// <summary>Records notifications in <c>notices</c>, and counts <c>tones</c>.</summary>
    public const string Script =
        """
        window.notices = [];
        window.tones = 0;
        window.Notification = class extends EventTarget {
            static get permission() {
                return localStorage.getItem("permission") ?? "default";
            }
            static async requestPermission() {
                localStorage.setItem("permission", "granted");
                return "granted";
            }
            constructor(title, options) {
                super();
                Object.assign(this, options, { title, timestamp: Date.now(), isClosed: false });
                notices.push(this);
            }
            close() {
                this.isClosed = true;
            }
        };
        window.OscillatorNode = class extends OscillatorNode {
            start(at) {
                tones++;
                super.start(at);
            }
        };
        """;

    /// <summary>As after the person has turned notifications on.</summary>
    public const string TurnedOn =
        """
        if (location.protocol.startsWith("http")) {
            localStorage.setItem("permission", "granted");
            localStorage.setItem("show-notifications", "true");
        }
        """;
}
