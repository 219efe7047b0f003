"""How offices write the measures of a commune: headings of forms, words in a team's findings,
cells.
"""

from __future__ import annotations

from typing import Any

from dashboard.measures import DEVICES
from dashboard.sources.cells import values

NEEDED_WORDS = (
    "Cần | Nhu cầu | Cần có | Cần thiết | Yêu cầu | Định mức | Theo định mức | Cần trang bị"
)
AVAILABLE_WORDS = (
    "Có | Hiện có | Đã có | Thực có | Đã trang bị | Được trang bị | Sẵn có | Thực tế | Hiện trạng"
)
DEVICE_WORDS = {
    "computer": "Máy tính | Máy vi tính | Máy tính để bàn | Bộ máy tính",
    "scanner": "Máy scan | Máy quét | Máy scanner | Máy quét (scan) | Scan",
    "photocopier": "Máy photocopy | Máy photo | Máy photo copy | Máy phô tô | Máy sao chụp "
    "| Photocopy",
    "queue_machine": "Máy lấy số | Máy lấy số tự động | Máy lấy số thứ tự | Máy bốc số "
    "| Hệ thống lấy số",
    "display": "Màn hình hiển thị | Màn hình | Màn hình thông báo | Màn hình gọi số | Màn hình LED",
    "kiosk": "Thiết bị tra cứu TTHC | Thiết bị tra cứu | Kiosk | Ki-ốt | Kiosk tra cứu "
    "| Máy tra cứu"
    "| Thiết bị tra cứu thủ tục hành chính | Màn hình tra cứu | Máy tra cứu TTHC",
}
SIGNATURE_WORDS = "Chữ ký số | CKS | Chứng thư số"
STAFF_WORDS = (
    "Nhân sự một cửa | Nhân sự | Cán bộ một cửa | Nhân lực | Nhân sự bộ phận một cửa "
    "| Công chức một cửa"
)
MEASURE_READERS: dict[str, Any] = {
    "flag": values.read_flag,
    "count": values.read_count,
    "mbps": values.read_speed,
    "rating": values.read_rating,
}
MEASURE_HEADINGS = {
    "network_stable": "Đường truyền thông suốt | Đường truyền ổn định | Đường truyền "
    "| Mạng ổn định | Mạng thông suốt"
    "| Tình trạng đường truyền | Đường truyền mạng | Hạ tầng mạng thông suốt "
    "| Hạ tầng mạng ổn định | Kết nối ổn định"
    "| Hạ tầng mạng",
    "network_mbps": "Tốc độ | Tốc độ mạng | Tốc độ đường truyền | Tốc độ Internet | Băng thông "
    "| Mbps | Tốc độ đo được | Tốc độ tải xuống | Tốc độ tải về | Tốc độ download | Download"
    "; Hạ tầng mạng | Mạng | Đường truyền > Tốc độ | Băng thông"
    "; Tốc độ | Tốc độ mạng | Tốc độ đường truyền > Thực tế | Đo thực tế | Đo được | Thực đo",
    "signature_needed": f"{SIGNATURE_WORDS} > {NEEDED_WORDS} | Cần cấp | Nhu cầu cấp",
    "signature_issued": f"{SIGNATURE_WORDS} > {AVAILABLE_WORDS} | Đã cấp | Được cấp",
    **{f"{code}_needed": f"{DEVICE_WORDS[code]} > {NEEDED_WORDS}" for code in DEVICES},
    **{f"{code}_available": f"{DEVICE_WORDS[code]} > {AVAILABLE_WORDS}" for code in DEVICES},
    "online_meeting": "Họp trực tuyến từ Trung ương | Họp trực tuyến | Hội nghị trực tuyến "
    "| Phòng họp trực tuyến"
    "| Hệ thống họp trực tuyến | Kết nối họp trực tuyến | Họp trực tuyến với Trung ương "
    "| Cầu truyền hình",
    "security_device": "Thiết bị an toàn thông tin | An toàn thông tin | Thiết bị ATTT | ATTT "
    "| Thiết bị bảo mật"
    "| Thiết bị an ninh mạng | Tường lửa | Bảo đảm an toàn thông tin",
    "procedures_published": "Công khai bộ TTHC | Công khai TTHC | Công khai thủ tục hành chính "
    "| Niêm yết TTHC"
    "| Công khai bộ thủ tục hành chính | Niêm yết công khai TTHC | Công bố TTHC",
    "staff_planned": f"{STAFF_WORDS} > Biên chế | Được giao | Kế hoạch | Biên chế được giao | Cần "
    "| Định biên"
    "| Theo biên chế"
    "; Biên chế | Biên chế được giao",
    "staff_present": f"{STAFF_WORDS} > Hiện có | Có mặt | Thực tế | Hiện tại; Nhân sự hiện có "
    "| Số người có mặt",
    "self_rating": "Tự đánh giá | Mức tự đánh giá | Tự đánh giá mức độ | Kết quả tự đánh giá "
    "| Xã tự đánh giá"
    "| Tự xếp loại | Đánh giá | Mức độ sẵn sàng | Tự đánh giá chung | Xếp loại",
}
