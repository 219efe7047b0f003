"""Every kind of file that offices send: its code, and what people call it.

Here and not with the readers: who tells where a figure comes from (pages, bulletins) waits for no
reader, and rules name kinds without knowing `sources`.
"""

from __future__ import annotations

from typing import Final

from dashboard.messages import Message, write_message

KIND_NAMES: Final[dict[str, Message]] = {
    "certificates": write_message("danh sách chứng thư số"),
    "device_inventory": write_message("bảng kiểm kê thiết bị"),
    "dossiers": write_message("danh sách hồ sơ"),
    "dossier_report": write_message("biểu II.06a"),
    "exported": write_message("bảng do lệnh export ghi"),
    "feedback": write_message("phản ánh, kiến nghị của người dân"),
    "field_resources": write_message("nguồn lực hỗ trợ cấp xã"),
    "follow_ups": write_message("việc hứa của các cơ quan"),
    "portal_progress": write_message("tiến độ trên Cổng Dịch vụ công quốc gia"),
    "probe_log": write_message("nhật ký đo đường truyền"),
    "readiness": write_message("biểu kê khai điều kiện vận hành"),
    "support_requests": write_message("yêu cầu hỗ trợ của cấp xã"),
    "team_days": write_message("lịch của tổ công tác"),
    "teams": write_message("danh sách tổ công tác"),
    "visits": write_message("kết quả kiểm tra của tổ công tác"),
    "weak_list": write_message("danh sách đơn vị yếu"),
}
